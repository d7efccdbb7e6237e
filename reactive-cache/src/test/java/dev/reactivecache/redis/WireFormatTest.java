package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.remote.RemoteState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireFormatTest {
    /** In the files: when the value was stored, when its ttl ends, and the longer of its windows. */
    private static final long STORED = 1_795_397_861_000L;

    private static final long ENDS = STORED + 570_000;
    private static final long SERVED = ENDS + 3_600_000;

    @Test
    void valueOfVersionTwoIsRead() throws IOException {
        RemoteState state = WireFormat.decode(file("entry-2-value"), STORED + 1_000, true);

        assertThat(state).isInstanceOfSatisfying(RemoteState.Value.class, value -> {
            assertThat(text(value)).isEqualTo("{\"id\":42}");
            assertThat(value.absent()).isFalse();
            assertThat(value.stamp()).isEqualTo(0x0123456789abcdefL);
            assertThat(value.ageNanos()).isEqualTo(1_000_000_000L);
            assertThat(value.remaining())
                    .isEqualTo(new RemoteState.Remaining(
                            569_000_000_000L, (569 + 60) * 1_000_000_000L, (569 + 3_600) * 1_000_000_000L));
            assertThat(value.loadNanos()).isEqualTo(7_000_000L);
            assertThat(value.restNanos()).isZero();
            assertThat(Objects.requireNonNull(value.mark()).incarnation()).isEqualTo(1_795_397_000_000_123L);
            assertThat(value.mark().since()).isEqualTo(1_795_397_860_000_456L);
            assertThat(value.mark().tags()).containsExactly("red", "blue");
        });
    }

    @Test
    void headerAloneIsEnoughToCompareStampsAndTimes() throws IOException {
        byte[] header = Arrays.copyOf(file("entry-2-value"), WireFormat.HEADER);

        assertThat(WireFormat.decode(header, STORED, false)).isInstanceOfSatisfying(RemoteState.Value.class, value -> {
            assertThat(value.payload()).isNull();
            assertThat(value.mark()).isNull();
            assertThat(value.remaining().freshNanos()).isEqualTo(570_000_000_000L);
        });
    }

    @Test
    void knownAbsenceOfVersionTwoIsRead() throws IOException {
        assertThat(WireFormat.decode(file("entry-2-absent"), STORED, true))
                .isInstanceOfSatisfying(RemoteState.Value.class, value -> {
                    assertThat(value.absent()).isTrue();
                    assertThat(value.payload()).isNull();
                    assertThat(value.mark()).isNull();
                });
    }

    @Test
    void valueThatSomebodyRefreshesIsRead() throws IOException {
        assertThat(WireFormat.decode(file("entry-2-refreshing"), STORED, true))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        value -> assertThat(value.restNanos()).isZero());
    }

    @Test
    void valueWhoseRefreshesFailedSaysForHowLongItRests() throws IOException {
        assertThat(WireFormat.decode(file("entry-2-resting"), STORED + 3_000, true))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        value -> assertThat(value.restNanos()).isEqualTo(5_000_000_000L));
        assertThat(WireFormat.decode(file("entry-2-resting"), STORED + 8_000, true))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        value -> assertThat(value.restNanos()).isZero());
    }

    @Test
    void valueIsReadUntilItsTtlAndBothWindowsHaveEnded() throws IOException {
        assertThat(WireFormat.decode(file("entry-2-value"), ENDS + 1, true))
                .isInstanceOfSatisfying(RemoteState.Value.class, stale -> {
                    assertThat(stale.remaining().isFresh()).isFalse();
                    assertThat(stale.remaining().freshNanos()).isEqualTo(-1_000_000);
                    assertThat(stale.remaining().revalidateNanos()).isEqualTo(59_999_000_000L);
                });
        assertThat(WireFormat.decode(file("entry-2-value"), SERVED - 1, true)).isInstanceOf(RemoteState.Value.class);
        assertThat(WireFormat.decode(file("entry-2-value"), SERVED, true)).isInstanceOf(RemoteState.Missing.class);
        assertThat(WireFormat.decode(file("entry-2-absent"), ENDS, true)).isInstanceOf(RemoteState.Missing.class);
    }

    @Test
    void leaseAndQuarantineAreToldApart() throws IOException {
        assertThat(WireFormat.decode(file("entry-2-loading"), STORED, true))
                .isEqualTo(new RemoteState.Loading(12_000_000_000L));
        assertThat(WireFormat.decode(file("entry-2-writing"), STORED, true)).isInstanceOf(RemoteState.Writing.class);
    }

    @Test
    void holderAndStampAreRecognized() throws IOException {
        byte[] header = Arrays.copyOf(file("entry-2-refreshing"), WireFormat.HEADER);

        assertThat(WireFormat.isHeldBy(header, 0xaa)).isTrue();
        assertThat(WireFormat.isHeldBy(header, 0xab)).isFalse();
        assertThat(WireFormat.isStamped(header, 0x0123456789abcdefL)).isTrue();
        assertThat(WireFormat.isStamped(header, 0xaa)).isFalse();
    }

    @Test
    void exampleInTheDocumentationIsAnEntry() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "redis.md"));
        int start = page.indexOf("\"rc2V") + 1;
        String entry = unescape(page.substring(start, page.indexOf('"', start)));

        assertThat(WireFormat.decode(entry.getBytes(ISO_8859_1), STORED, true))
                .isInstanceOfSatisfying(RemoteState.Value.class, value -> {
                    assertThat(text(value)).isEqualTo("[17,23]");
                    assertThat(Duration.ofNanos(value.remaining().freshNanos())).isEqualTo(Duration.ofMinutes(10));
                    assertThat(Objects.requireNonNull(value.mark()).tags()).containsExactly("red");
                });
    }

    /** What redis-cli has made of it. */
    private static String unescape(String shown) {
        return Pattern.compile("\\\\(x(..)|.)").matcher(shown).replaceAll(found -> {
            String hex = found.group(2);
            return hex == null
                    ? Pattern.quote(found.group(1)).replaceAll("\\\\[QE]", "")
                    : String.valueOf((char) Integer.parseInt(hex, 16))
                            .replace("$", "\\$")
                            .replace("\\", "\\\\");
        });
    }

    @Test
    void payloadBeginsBehindAnExtensionThatIsNotUnderstood() throws IOException {
        byte[] entry = file("entry-2-value");
        entry[WireFormat.HEADER] = 'x';

        assertThat(WireFormat.decode(entry, STORED, true)).isInstanceOfSatisfying(RemoteState.Value.class, value -> {
            assertThat(text(value)).isEqualTo("{\"id\":42}");
            assertThat(Objects.requireNonNull(value.mark()).incarnation()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "absent", "loading", "writing"})
    void anotherVersionIsLeftAlone(String state) throws IOException {
        byte[] older = text("entry-1-" + state + ".txt").getBytes(US_ASCII);
        byte[] newer = file("entry-2-" + state);
        newer[2] = '3';

        assertThat(WireFormat.decode(older, STORED, true)).isInstanceOf(RemoteState.Writing.class);
        assertThat(WireFormat.decode(newer, STORED, true)).isInstanceOf(RemoteState.Writing.class);
    }

    @ParameterizedTest
    @CsvSource({
        "value, 0, r, an unknown magic",
        "value, 3, Z, an unknown state",
        "value, 6, ?, an extension longer than all",
        "value, 28, ?, a ttl that ends after all times of ours",
        "value, 16, ?, a rest that does",
        "value, 34, ?, a window that does",
        "value, 40, ?, the other window",
        "loading, 16, ?, a lease that does"
    })
    void headerWithAnImpossibleByteIsForeign(String file, int offset, char impossible) throws IOException {
        byte[] broken = file("entry-2-" + file);
        broken[offset] = (byte) (offset == 0 ? 'x' : impossible);

        assertThat(WireFormat.decode(broken, STORED, true)).isInstanceOf(RemoteState.Foreign.class);
    }

    @Test
    void valueWithoutAStampIsForeign() throws IOException {
        byte[] broken = file("entry-2-value");
        Arrays.fill(broken, WireFormat.HEADER - Long.BYTES, WireFormat.HEADER, (byte) 0);

        assertThat(WireFormat.decode(broken, STORED, true)).isInstanceOf(RemoteState.Foreign.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{\"id\":42}", "rc", "rc2V0------"})
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

    /** The bytes that a file has in hexadecimal, each line with what they are. */
    private byte[] file(String name) throws IOException {
        return HexFormat.of()
                .parseHex(text(name + ".hex")
                        .lines()
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .collect(Collectors.joining()));
    }

    private String text(String name) throws IOException {
        try (var stream = Objects.requireNonNull(getClass().getResourceAsStream("/wire/" + name))) {
            return new String(stream.readAllBytes(), US_ASCII);
        }
    }
}
