package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the scripts write; its layout stands in {@code prelude.lua}. Times in it are of the Redis server's clock,
 * in milliseconds.
 */
final class WireFormat {
    /** How long a header without extension is. */
    static final int HEADER = 100;

    private static final int STATE = 3;
    private static final int HOLDER = 5;
    private static final int DEADLINE = 21;
    private static final int EXPIRES = 47;
    private static final int STORED = 60;
    private static final int MILLIS_DIGITS = 13;
    private static final int TOOK = 73;
    private static final int TOOK_DIGITS = 8;
    private static final int STAMP = 81;
    private static final int STAMP_DIGITS = 16;
    private static final int EXTENSION = 97;
    private static final int EXTENSION_DIGITS = 3;

    private static final RemoteState MISSING = new RemoteState.Missing();
    private static final RemoteState WRITING = new RemoteState.Writing();
    private static final RemoteState FOREIGN = new RemoteState.Foreign();

    private WireFormat() {}

    /** A token or stamp as scripts take it. */
    static byte[] hex(long number) {
        return HexFormat.of().toHexDigits(number).getBytes(StandardCharsets.US_ASCII);
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
                && header[0] == 'r'
                && header[1] == 'c'
                && header[2] == '1'
                && Arrays.equals(header, position, position + STAMP_DIGITS, hex(number), 0, STAMP_DIGITS);
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
        if (bytes.length < HEADER || bytes[0] != 'r' || bytes[1] != 'c') {
            return FOREIGN;
        }
        if (bytes[2] != '1') {
            return WRITING; // of another version, perhaps a newer one: to be left alone
        }
        return switch (bytes[STATE]) {
            case 'V', 'A' -> value(bytes, serverMillis, withPayload);
            case 'L' -> loading(bytes, serverMillis);
            case 'W' -> WRITING;
            default -> FOREIGN;
        };
    }

    private static RemoteState value(byte[] bytes, long serverMillis, boolean withPayload) {
        try {
            long remaining = digits(bytes, EXPIRES, MILLIS_DIGITS, 10) - serverMillis;
            if (remaining <= 0) {
                return MISSING;
            }
            boolean absent = bytes[STATE] == 'A';
            int start = HEADER + (int) digits(bytes, EXTENSION, EXTENSION_DIGITS, 16);
            ByteBuffer payload = absent || !withPayload
                    ? null
                    : ByteBuffer.wrap(bytes, start, bytes.length - start).slice();
            return new RemoteState.Value(
                    payload,
                    absent,
                    digits(bytes, STAMP, STAMP_DIGITS, 16),
                    nanos(Math.max(0, serverMillis - digits(bytes, STORED, MILLIS_DIGITS, 10))),
                    RemoteState.Remaining.of(nanos(remaining)),
                    nanos(digits(bytes, TOOK, TOOK_DIGITS, 10)),
                    0,
                    bytes.length < start ? null : MarkFormat.decode(bytes, HEADER, start));
        } catch (NumberFormatException | IndexOutOfBoundsException malformed) {
            return FOREIGN;
        }
    }

    private static RemoteState loading(byte[] bytes, long serverMillis) {
        try {
            long remaining = digits(bytes, DEADLINE, MILLIS_DIGITS, 10) - serverMillis;
            return new RemoteState.Loading(nanos(Math.max(0, remaining)));
        } catch (NumberFormatException malformed) {
            return FOREIGN;
        }
    }

    /** Or as many as there can be: what 13 digits say need not be a time of ours. */
    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    static long digits(byte[] bytes, int offset, int count, int radix) {
        long number = 0;
        for (int i = offset; i < offset + count; i++) {
            int digit = digit(bytes[i]);
            if (digit < 0 || digit >= radix) {
                throw new NumberFormatException("not a digit of radix " + radix);
            }
            number = number * radix + digit;
        }
        return number;
    }

    /** Of one in ASCII, for less than {@link Character#digit}, which knows all alphabets; -1 if it is none. */
    private static int digit(byte each) {
        if (each >= '0' && each <= '9') {
            return each - '0';
        }
        int letter = each | 0x20; // in lower case
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
