package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.redis.KeyLayout.EntryKey;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class KeyLayoutTest {
    @Test
    void keysAreLegible() {
        assertThat(new String(KeyLayout.entryKey("products", "42"), UTF_8)).isEqualTo("rc:products:42");
    }

    @Property(tries = 500)
    void everyTextComesBack(@ForAll("texts") String text) {
        assertThat(KeyLayout.parse(KeyLayout.entryKey("user", text))).isEqualTo(new EntryKey("user", text));
    }

    @Property(tries = 500)
    void differentTextsHaveDifferentKeys(@ForAll("texts") String one, @ForAll("texts") String other) {
        assertThat(new String(KeyLayout.entryKey("user", one), UTF_8)
                        .equals(new String(KeyLayout.entryKey("user", other), UTF_8)))
                .isEqualTo(one.equals(other));
    }

    @Property(tries = 300)
    void noKeyHasBracesThatAClusterWouldTakeForItsSlot(@ForAll("texts") String text) {
        assertThat(new String(KeyLayout.entryKey("user", text), UTF_8)).doesNotContain("{", "}");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', '%', '{', '}', '2', '5', '7', 'B', 'D', ':', '\u00e9')
                .ofMaxLength(8);
    }

    @Test
    void oneCachesKeysAreNeverAnothers() {
        assertThat(KeyLayout.parse("rc:user:admin:1".getBytes(UTF_8))).isEqualTo(new EntryKey("user", "admin:1"));
        assertThat(KeyLayout.parse("rc:user.admin:1".getBytes(UTF_8))).isEqualTo(new EntryKey("user.admin", "1"));
    }

    @Test
    void strangersAndProbesAreNoEntries() {
        assertThat(KeyLayout.parse("session:1".getBytes(UTF_8))).isNull();
        assertThat(KeyLayout.parse("rc:user".getBytes(UTF_8))).isNull();
        assertThat(KeyLayout.parse(KeyLayout.probeKey(7))).isNull();
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> KeyLayout.entryKey("user", "\ud83d"));
    }
}
