package dev.reactivecache.redis;

import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.Windows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What scripts are told, as they expect it. */
final class ScriptArguments {
    private static final byte[] NOTHING = {};
    private static final byte[] VALUE = {'V'};
    private static final byte[] ABSENT = {'A'};
    private static final byte[] NO_VALUE = {'-'};

    private ScriptArguments() {}

    /** The nine that say what is to be stored; null for nothing. */
    static byte[][] stored(@Nullable NewValue value, long stamp) {
        if (value == null) {
            byte[][] nothing = new byte[9][];
            Arrays.fill(nothing, NOTHING);
            nothing[0] = NO_VALUE;
            return nothing;
        }
        byte[] payload = value.payload();
        return all(
                new byte[][] {
                    payload == null ? ABSENT : VALUE, payload == null ? NOTHING : payload, WireFormat.bytes(stamp)
                },
                life(value.ttl(), value.windows()),
                new byte[][] {millis(value.loadTime()), MarkFormat.encode(value.mark())});
    }

    /** The four that say for how long. */
    static byte[][] life(Duration ttl, Windows windows) {
        return new byte[][] {millis(ttl), millis(windows.revalidate()), millis(windows.error()), millis(windows.keep())
        };
    }

    static byte[] millis(Duration duration) {
        return decimal(duration.toMillis());
    }

    static byte[] decimal(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** These arguments, then those. */
    static byte[][] all(byte[][]... parts) {
        return Stream.of(parts).flatMap(Stream::of).toArray(byte[][]::new);
    }
}
