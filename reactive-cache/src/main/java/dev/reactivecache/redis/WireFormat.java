package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the scripts write; its layout stands in {@code prelude.lua}. Times in it are of the Redis server's clock,
 * in milliseconds.
 */
final class WireFormat {
    /** How long a header without extension is. */
    static final int HEADER = 58;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int VERSION = 2;
    private static final int STATE = 3;
    private static final int EXTENSION = 6;
    private static final int HOLDER = 8;
    private static final int DEADLINE = 16;
    private static final int STORED = 22;
    private static final int FRESH = 28;
    private static final int REVALIDATE = 34;
    private static final int ERROR = 40;
    private static final int TOOK = 46;
    private static final int STAMP = 50;
    private static final long NOBODY = 0;
    private static final long LATEST_MILLIS = TimeUnit.DAYS.toMillis(10_000); // from now on: no time of ours is later

    private static final RemoteState MISSING = new RemoteState.Missing();
    private static final RemoteState WRITING = new RemoteState.Writing();
    private static final RemoteState FOREIGN = new RemoteState.Foreign();

    private WireFormat() {}

    /** A number in hexadecimal. */
    static byte[] hex(long number) {
        return HexFormat.of().toHexDigits(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** A token or stamp as scripts take it. */
    static byte[] bytes(long number) {
        byte[] bytes = new byte[Long.BYTES];
        put(bytes, 0, number);
        return bytes;
    }

    /** Writes a number in eight bytes. */
    static void put(byte[] bytes, int offset, long number) {
        LONG.set(bytes, offset, number);
    }

    /** The number that eight bytes say. */
    static long longAt(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    /** Whether an entry may be filled under a token. */
    static boolean isHeldBy(byte[] header, long token) {
        return hasAt(header, HOLDER, token) && (header[STATE] == 'L' || isValue(header));
    }

    /** Whether an entry is the value with this stamp. */
    static boolean isStamped(byte[] header, long stamp) {
        return hasAt(header, STAMP, stamp) && isValue(header);
    }

    private static boolean isValue(byte[] header) {
        return header[STATE] == 'V' || header[STATE] == 'A';
    }

    private static boolean hasAt(byte[] header, int position, long number) {
        return header.length == HEADER
                && isOurs(header)
                && header[VERSION] == '2'
                && longAt(header, position) == number;
    }

    private static boolean isOurs(byte[] bytes) {
        return bytes[0] == 'r' && bytes[1] == 'c';
    }

    /**
     * What an entry's bytes say.
     *
     * @param bytes the entry, whole or only its header; null if there is none
     * @param serverMillis what the server's clock said when it was asked, or more
     * @param withPayload whether the bytes are the whole entry
     */
    static RemoteState decode(byte @Nullable [] bytes, long serverMillis, boolean withPayload) {
        if (bytes == null || bytes.length == 0) {
            return MISSING;
        }
        if (bytes.length < HEADER || !isOurs(bytes)) {
            return FOREIGN;
        }
        if (bytes[VERSION] != '2') {
            return WRITING; // of another version, perhaps a newer one: to be left alone
        }
        return switch (bytes[STATE]) {
            case 'V', 'A' -> value(bytes, serverMillis, withPayload);
            case 'L' -> loading(millisAt(bytes, DEADLINE) - serverMillis);
            case 'W' -> WRITING;
            default -> FOREIGN;
        };
    }

    private static RemoteState loading(long remainingMillis) {
        return remainingMillis > LATEST_MILLIS
                ? FOREIGN
                : new RemoteState.Loading(TimeUnit.MILLISECONDS.toNanos(Math.max(0, remainingMillis)));
    }

    private static RemoteState value(byte[] bytes, long serverMillis, boolean withPayload) {
        long fresh = millisAt(bytes, FRESH) - serverMillis;
        long revalidate = millisAt(bytes, REVALIDATE) - serverMillis;
        long error = millisAt(bytes, ERROR) - serverMillis;
        long served = Math.max(fresh, Math.max(revalidate, error));
        if (served <= 0) {
            return MISSING;
        }
        int start = HEADER + (bytes[EXTENSION] & 0xff) * 256 + (bytes[EXTENSION + 1] & 0xff);
        long stamp = longAt(bytes, STAMP);
        long deadline = millisAt(bytes, DEADLINE) - serverMillis;
        if (Math.max(served, deadline) > LATEST_MILLIS
                || stamp == RemoteState.NO_STAMP
                || (withPayload && start > bytes.length)) {
            return FOREIGN;
        }
        boolean absent = bytes[STATE] == 'A';
        return new RemoteState.Value(
                absent || !withPayload
                        ? null
                        : ByteBuffer.wrap(bytes, start, bytes.length - start).slice(),
                absent,
                stamp,
                nanos(Math.max(0, serverMillis - millisAt(bytes, STORED))),
                new RemoteState.Remaining(nanos(fresh), nanos(revalidate), nanos(error)),
                nanos(Integer.toUnsignedLong((int) INT.get(bytes, TOOK))),
                longAt(bytes, HOLDER) == NOBODY ? nanos(Math.max(0, deadline)) : 0,
                withPayload ? MarkFormat.decode(bytes, HEADER, start) : null);
    }

    /** Six bytes; those behind them, of which there are always two, go. */
    private static long millisAt(byte[] bytes, int offset) {
        return longAt(bytes, offset) >>> Short.SIZE;
    }

    /** Or as many as there can be: what six bytes say need not be a time of ours. */
    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
