package dev.reactivecache.spring.web;

/** How many bytes of memory a stored response takes with its entry, on a JVM with compressed pointers. */
final class Footprint {
    /**
     * The entry in the cache with its place in the bound and among the tags, the response itself, and its two
     * durations.
     */
    private static final long ENTRY = 560;

    private static final int ARRAY_HEADER = 16;
    private static final int STRING_HEADER = 24 + ARRAY_HEADER;
    private static final int REFERENCE = 4;
    private static final int ALIGNMENT = 8;

    private Footprint() {}

    static int of(String[] fields, byte[] body) {
        long bytes =
                ENTRY + ARRAY_HEADER + (long) REFERENCE * fields.length + aligned(ARRAY_HEADER + (long) body.length);
        for (String text : fields) {
            bytes += FieldNames.isShared(text) ? 0 : of(text);
        }
        return bounded(bytes);
    }

    static int of(String[] texts) {
        long bytes = 0;
        for (String text : texts) {
            bytes += REFERENCE + of(text);
        }
        return bounded(bytes);
    }

    static int of(String text) {
        return bounded(STRING_HEADER + aligned(text.length()));
    }

    static int sum(int one, int other) {
        return bounded((long) one + other);
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static int bounded(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }
}
