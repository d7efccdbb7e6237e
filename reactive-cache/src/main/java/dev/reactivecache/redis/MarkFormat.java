package dev.reactivecache.redis;

import dev.reactivecache.remote.Mark;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Mark} is spelt in the extension of an entry's header: {@code g}, the incarnation and the number in 13
 * hexadecimal digits each, and before each tag a space.
 */
final class MarkFormat {
    private static final int DIGITS = 13;
    private static final int TAGS = 1 + 2 * DIGITS;
    private static final byte[] NONE = {};

    private MarkFormat() {}

    static byte[] encode(@Nullable Mark mark) {
        if (mark == null) {
            return NONE;
        }
        StringBuilder text = new StringBuilder(TAGS).append('g');
        HexFormat hex = HexFormat.of();
        text.append(hex.toHexDigits(mark.incarnation(), DIGITS)).append(hex.toHexDigits(mark.since(), DIGITS));
        mark.tags().forEach(tag -> text.append(' ').append(tag));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
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
            return new Mark(0, 0, List.of());
        }
        long incarnation = WireFormat.digits(bytes, from + 1, DIGITS, 16);
        long since = WireFormat.digits(bytes, from + 1 + DIGITS, DIGITS, 16);
        int tags = from + TAGS + 1;
        return new Mark(
                incarnation,
                since,
                tags >= to
                        ? List.of()
                        : List.of(new String(bytes, tags, to - tags, StandardCharsets.US_ASCII).split(" ")));
    }
}
