package dev.reactivecache.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks through the keys of one master, in steps of which none keeps the server busy for long. */
final class KeyScan {
    private static final int STEP = 500;

    private KeyScan() {}

    /**
     * All keys that a pattern fits: SCAN promises those that are there from its beginning to its end, and may answer
     * some twice (Redis documentation: SCAN).
     */
    static Flux<byte[]> of(CommandLink link, RedisSettings settings, byte[] pattern) {
        ScanArgs args = new ScanArgs().match(pattern).limit(STEP);
        return step(link, settings, ScanCursor.INITIAL, args)
                .expand(done -> done.isFinished() ? Mono.empty() : step(link, settings, done, args))
                .concatMapIterable(KeyScanCursor::getKeys);
    }

    private static Mono<KeyScanCursor<byte[]>> step(
            CommandLink link, RedisSettings settings, ScanCursor from, ScanArgs args) {
        return link.send(settings.readTimeout(), commands -> commands.scan(from, args));
    }

    /** A pattern that fits what begins with these bytes. */
    static byte[] pattern(byte[] prefix) {
        ByteArrayOutputStream pattern = new ByteArrayOutputStream(prefix.length + 1);
        byte[] special = "*?[]^\\".getBytes(StandardCharsets.US_ASCII);
        for (byte each : prefix) {
            for (byte character : special) {
                if (each == character) {
                    pattern.write('\\');
                }
            }
            pattern.write(each);
        }
        pattern.write('*');
        return pattern.toByteArray();
    }
}
