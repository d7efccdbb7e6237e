package dev.reactivecache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A value as it stands in Redis, read by its layout and not by {@link WireFormat}. Times are of Redis' clock, in
 * milliseconds.
 */
public record StoredEntry(
        long holder,
        long deadlineMillis,
        long storedMillis,
        long freshMillis,
        long revalidateMillis,
        long errorMillis,
        long loadMillis,
        int failures,
        long stamp,
        String payload) {

    /** Reads one character for each byte; null if they are no value. */
    public static @Nullable StoredEntry of(@Nullable String bytes) {
        if (bytes == null || !bytes.startsWith("rc2V") || bytes.length() < WireFormat.HEADER) {
            return null;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return new StoredEntry(
                header.getLong(8),
                timeAt(header, 16),
                timeAt(header, 22),
                timeAt(header, 28),
                timeAt(header, 34),
                timeAt(header, 40),
                header.getInt(46),
                bytes.charAt(4) - '0',
                header.getLong(50),
                bytes.substring(WireFormat.HEADER + EntryText.extension(bytes)));
    }

    private static long timeAt(ByteBuffer header, int offset) {
        return (long) (header.getShort(offset) & 0xffff) << 32 | header.getInt(offset + 2) & 0xffff_ffffL;
    }

    /** When it may not be served any more. */
    public long servedMillis() {
        return Math.max(freshMillis, Math.max(revalidateMillis, errorMillis));
    }
}
