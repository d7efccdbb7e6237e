package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import dev.reactivecache.redis.KeyLayout.EntryKey;
import org.junit.jupiter.api.Test;

class KeyLayoutTest {
    private final KeyLayout layout = new KeyLayout("");

    @Test
    void keysAreLegible() {
        assertThat(new String(layout.entryKey("products", "42"), UTF_8)).isEqualTo("rc:products:42");
    }

    @Fuzzed
    void everyTextComesBack() {
        Fuzz.tries(500, draw -> {
            String text = text(draw);

            assertThat(layout.parse(layout.entryKey("user", text))).isEqualTo(new EntryKey("user", text));
        });
    }

    @Fuzzed
    void differentTextsHaveDifferentKeys() {
        Fuzz.tries(500, draw -> {
            String one = text(draw);
            String other = text(draw);

            assertThat(new String(layout.entryKey("user", one), UTF_8)
                            .equals(new String(layout.entryKey("user", other), UTF_8)))
                    .isEqualTo(one.equals(other));
        });
    }

    @Fuzzed
    void noKeyHasBracesThatAClusterWouldTakeForItsSlot() {
        Fuzz.tries(
                300,
                draw -> assertThat(new String(layout.entryKey("user", text(draw)), UTF_8))
                        .doesNotContain("{", "}"));
    }

    private static String text(Draw draw) {
        return draw.text("a%{}257BD:\u00e9", 8);
    }

    @Test
    void oneCachesKeysAreNeverAnothers() {
        assertThat(layout.parse("rc:user:admin:1".getBytes(UTF_8))).isEqualTo(new EntryKey("user", "admin:1"));
        assertThat(layout.parse("rc:user.admin:1".getBytes(UTF_8))).isEqualTo(new EntryKey("user.admin", "1"));
    }

    @Test
    void strangersAndProbesAreNoEntries() {
        assertThat(layout.parse("session:1".getBytes(UTF_8))).isNull();
        assertThat(layout.parse("rc:user".getBytes(UTF_8))).isNull();
        assertThat(layout.parse(layout.probeKey(7))).isNull();
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> layout.entryKey("user", "\ud83d"));
    }
}
