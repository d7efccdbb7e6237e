package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.remote.RemoteState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireFormatTest {
    /** In the files: when the value was stored, and when it ends. */
    private static final long STORED = 1_795_397_861_000L;

    private static final long ENDS = STORED + 570_000;

    @Test
    void valueOfVersionOneIsRead() throws IOException {
        RemoteState state = WireFormat.decode(file("entry-1-value"), STORED + 1_000, true);

        assertThat(state).isInstanceOfSatisfying(RemoteState.Value.class, value -> {
            assertThat(text(value)).isEqualTo("{\"id\":42}");
            assertThat(value.absent()).isFalse();
            assertThat(value.stamp()).isEqualTo(0x0123456789abcdefL);
            assertThat(value.ageNanos()).isEqualTo(1_000_000_000L);
            assertThat(value.remaining().freshNanos()).isEqualTo(569_000_000_000L);
        });
    }

    @Test
    void headerAloneIsEnoughToCompareStamps() throws IOException {
        byte[] header = Arrays.copyOf(file("entry-1-value"), WireFormat.HEADER);

        assertThat(WireFormat.decode(header, STORED, false))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        value -> assertThat(value.payload()).isNull());
    }

    @Test
    void knownAbsenceOfVersionOneIsRead() throws IOException {
        assertThat(WireFormat.decode(file("entry-1-absent"), STORED, true))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        value -> assertThat(value.absent()).isTrue());
    }

    @Test
    void valueWhoseTimeHasEndedIsMissing() throws IOException {
        assertThat(WireFormat.decode(file("entry-1-value"), ENDS, true)).isInstanceOf(RemoteState.Missing.class);
        assertThat(WireFormat.decode(file("entry-1-value"), ENDS - 1, true)).isInstanceOf(RemoteState.Value.class);
    }

    @Test
    void leaseAndQuarantineAreToldApart() throws IOException {
        assertThat(WireFormat.decode(file("entry-1-loading"), STORED, true)).isInstanceOf(RemoteState.Loading.class);
        assertThat(WireFormat.decode(file("entry-1-writing"), STORED, true)).isInstanceOf(RemoteState.Writing.class);
    }

    @Test
    void exampleInTheDocumentationIsAnEntry() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "redis.md"));
        int start = page.indexOf("\"rc1V") + 1;
        String entry = page.substring(start, page.indexOf('"', start));

        assertThat(WireFormat.decode(entry.getBytes(US_ASCII), STORED, true))
                .isInstanceOfSatisfying(RemoteState.Value.class, value -> {
                    assertThat(text(value)).isEqualTo("[17,23]");
                    assertThat(Objects.requireNonNull(value.mark()).tags()).containsExactly("red");
                });
    }

    @Test
    void payloadBeginsBehindAnExtension() throws IOException {
        String entry = new String(file("entry-1-value"), US_ASCII);
        byte[] extended = (entry.substring(0, 97) + "004" + "tags" + entry.substring(100)).getBytes(US_ASCII);

        assertThat(WireFormat.decode(extended, STORED, true))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        value -> assertThat(text(value)).isEqualTo("{\"id\":42}"));
    }

    @Test
    void anotherVersionIsLeftAlone() throws IOException {
        byte[] newer = new String(file("entry-1-value"), US_ASCII)
                .replaceFirst("rc1", "rc2")
                .getBytes(US_ASCII);

        assertThat(WireFormat.decode(newer, STORED, true)).isInstanceOf(RemoteState.Writing.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 47, 60, 81, 97})
    void headerWithAnImpossibleCharacterIsForeign(int offset) throws IOException {
        byte[] broken = file("entry-1-value");
        broken[offset] = '?';

        assertThat(WireFormat.decode(broken, STORED, true)).isInstanceOf(RemoteState.Foreign.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{\"id\":42}", "rc", "rc1V0------"})
    void bytesThatAreNoEntryAreForeign(String bytes) {
        assertThat(WireFormat.decode(bytes.getBytes(US_ASCII), STORED, true)).isInstanceOf(RemoteState.Foreign.class);
    }

    @Test
    void nothingIsMissing() {
        assertThat(WireFormat.decode(null, STORED, true)).isInstanceOf(RemoteState.Missing.class);
        assertThat(WireFormat.decode(new byte[0], STORED, false)).isInstanceOf(RemoteState.Missing.class);
    }

    private static String text(RemoteState.Value value) {
        return US_ASCII.decode(Objects.requireNonNull(value.payload())).toString();
    }

    private byte[] file(String name) throws IOException {
        try (var stream = Objects.requireNonNull(getClass().getResourceAsStream("/wire/" + name + ".txt"))) {
            return stream.readAllBytes();
        }
    }
}
