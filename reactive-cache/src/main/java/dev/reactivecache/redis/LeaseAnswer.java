package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What {@code lease.lua} answers: a letter, and what stands behind it, or a whole entry. */
final class LeaseAnswer {
    private LeaseAnswer() {}

    static boolean isGranted(byte[] reply) {
        return reply[0] == 'L' || reply[0] == 'R';
    }

    /** The letters; an entry begins with none of them. */
    static RemoteState decode(byte[] reply, long serverMillis) {
        return switch (reply[0]) {
            case 'L' -> new RemoteState.Leased(false);
            case 'R' -> new RemoteState.Leased(true);
            case 'O' -> new RemoteState.Loading(span(reply));
            case 'B' -> new RemoteState.Resting(span(reply));
            case 'W' -> new RemoteState.Writing();
            case 'N' -> new RemoteState.Missing();
            case 'F' -> WireFormat.decode(Arrays.copyOfRange(reply, 1, reply.length), serverMillis, false);
            default -> WireFormat.decode(reply, serverMillis, true);
        };
    }

    private static long span(byte[] reply) {
        return TimeUnit.MILLISECONDS.toNanos(
                Long.parseLong(new String(reply, 1, reply.length - 1, StandardCharsets.US_ASCII)));
    }
}
