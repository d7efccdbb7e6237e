package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.assertj.core.data.Offset;

/**
 * An entry's bytes, or what a script answers, with one character for each byte. Of two, the times are only compared
 * roughly.
 */
final class EntryText {
    static final long TOLERANCE_MILLIS = 5_000;

    /** Where the extension's length stands. */
    static final int EXTENSION = 6;

    /** How long a writer in a quarantine's tail is: a token, and a time. */
    static final int WRITER = Long.BYTES + 6;

    private static final int TIME = 6;
    private static final Set<Integer> TIMES = Set.of(16, 22, 28, 34, 40);

    private EntryText() {}

    /** How long an entry's extension is. */
    static int extension(String entry) {
        return entry.charAt(EXTENSION) * 256 + entry.charAt(EXTENSION + 1);
    }

    /** Asserts that the model's is what Redis' is. */
    static void assertSame(String about, Object model, Object redis) {
        if (!(model instanceof String ours) || !(redis instanceof String real)) {
            assertThat(model).as(about).isEqualTo(redis);
        } else if (real.startsWith("O") || real.startsWith("B")) { // for how much longer
            assertThat(ours).as(about).startsWith(real.substring(0, 1));
            assertClose(about, Long.parseLong(ours.substring(1)), Long.parseLong(real.substring(1)));
        } else if (real.startsWith("F") && ours.startsWith("F")) { // a header
            assertSameEntry(about, ours.substring(1), real.substring(1));
        } else {
            assertSameEntry(about, ours, real);
        }
    }

    private static void assertSameEntry(String about, String ours, String real) {
        assertThat(ours).as(about).hasSameSizeAs(real);
        int at = 0;
        while (at < real.length()) {
            if (isTime(real, at)) {
                assertClose(about + ", at " + at, timeAt(ours, at), timeAt(real, at));
                at += TIME;
            } else {
                assertThat(ours.charAt(at))
                        .as("%s, at %d of %s", about, at, real)
                        .isEqualTo(real.charAt(at));
                at++;
            }
        }
    }

    private static void assertClose(String about, long ours, long real) {
        assertThat((double) ours).as(about).isCloseTo(real, Offset.offset((double) TOLERANCE_MILLIS));
    }

    private static boolean isTime(String text, int at) {
        if (!text.startsWith("rc2") || text.length() < WireFormat.HEADER) {
            return false;
        }
        int behind = at - WireFormat.HEADER;
        boolean ofWriter = text.charAt(3) == 'W' && behind >= 0 && behind % WRITER == WRITER - TIME;
        return TIMES.contains(at) || ofWriter && at + TIME <= text.length();
    }

    private static long timeAt(String text, int at) {
        long time = 0;
        for (byte each : text.substring(at, at + TIME).getBytes(ISO_8859_1)) {
            time = time << 8 | each & 0xff;
        }
        return time;
    }
}
