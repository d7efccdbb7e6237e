package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;

/** An entry's bytes, or what a script answers, of which the times are only compared roughly. */
final class EntryText {
    static final long TOLERANCE_MILLIS = 5_000;

    private static final int TIMES = 21;
    private static final int TIMES_END = 73;
    private static final int TIME = 13;
    private static final int HEADER = 100;
    private static final int WRITER = 29;

    private EntryText() {}

    /** Asserts that the model's is what Redis' is. */
    static void assertSame(String about, Object model, Object redis) {
        if (!(model instanceof String ours) || !(redis instanceof String real) || ours.length() != real.length()) {
            assertThat(model).as(about).isEqualTo(redis);
            return;
        }
        int at = 0;
        while (at < real.length()) {
            if (isTime(real, at)) {
                assertThat((double) Long.parseLong(ours.substring(at, at + TIME)))
                        .as(about)
                        .isCloseTo(Long.parseLong(real.substring(at, at + TIME)), Offset.offset((double)
                                TOLERANCE_MILLIS));
                at += TIME;
            } else {
                assertThat(ours.charAt(at))
                        .as("%s, at %d of %s", about, at, real)
                        .isEqualTo(real.charAt(at));
                at++;
            }
        }
    }

    private static boolean isTime(String text, int at) {
        if (text.startsWith("O") && text.length() == 1 + TIME) { // for how much longer another may fill
            return at == 1;
        }
        if (!text.startsWith("rc1")) {
            return false;
        }
        boolean inHeader = at >= TIMES && at < TIMES_END && (at - TIMES) % TIME == 0;
        boolean ofWriter = text.charAt(3) == 'W' && at >= HEADER && (at - HEADER) % WRITER == WRITER - TIME;
        return inHeader || ofWriter;
    }
}
