package dev.reactivecache.redis;

import dev.reactivecache.remote.Mark;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Mark} is spelt in the extension of an entry's header: {@code g}, the incarnation and the number in eight
 * bytes each, and before each tag a space.
 */
final class MarkFormat {
    private static final int INCARNATION = 1;
    private static final int SINCE = INCARNATION + Long.BYTES;
    private static final int TAGS = SINCE + Long.BYTES;
    private static final byte[] NONE = {};
    private static final Mark OF_NO_GENERATION = new Mark(0, 0, List.of());

    private MarkFormat() {}

    static byte[] encode(@Nullable Mark mark) {
        if (mark == null) {
            return NONE;
        }
        byte[] tags = mark.tags().isEmpty()
                ? NONE
                : (' ' + String.join(" ", mark.tags())).getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[TAGS + tags.length];
        bytes[0] = 'g';
        WireFormat.put(bytes, INCARNATION, mark.incarnation());
        WireFormat.put(bytes, SINCE, mark.since());
        System.arraycopy(tags, 0, bytes, TAGS, tags.length);
        return bytes;
    }

    /**
     * Null if there is no extension. One that is not of this form, from a newer version perhaps, belongs to no
     * generation.
     */
    static @Nullable Mark decode(byte[] bytes, int from, int to) {
        if (from == to) {
            return null;
        }
        if (to - from < TAGS || bytes[from] != 'g') {
            return OF_NO_GENERATION;
        }
        int tags = from + TAGS + 1;
        return new Mark(
                WireFormat.longAt(bytes, from + INCARNATION),
                WireFormat.longAt(bytes, from + SINCE),
                tags >= to
                        ? List.of()
                        : List.of(new String(bytes, tags, to - tags, StandardCharsets.US_ASCII).split(" ")));
    }
}
