package dev.reactivecache.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tests whether a stream announces changes, by a change made for that purpose. */
final class StreamProbe {
    private final RedisSettings settings;
    private volatile @Nullable Sent waiting;
    private volatile long heardAtNanos;

    private record Sent(ByteBuffer key, long sentAtNanos, Sinks.Empty<Void> heard) {}

    StreamProbe(RedisSettings settings) {
        this.settings = settings;
        this.heardAtNanos = settings.timer().now() - Long.MAX_VALUE / 2;
    }

    /**
     * Changes a key of its own, and completes once the stream has announced that. Errors with {@link TimeoutException}
     * if the change was acknowledged and not announced in time.
     */
    Mono<Void> send(CommandLink link, Duration limit) {
        return Mono.defer(() -> {
            byte[] key = link.keys().probe();
            var sent = new Sent(ByteBuffer.wrap(key), settings.timer().now(), Sinks.empty());
            waiting = sent;
            return link.run(settings.writeTimeout(), Script.INVALIDATE, ScriptOutputType.INTEGER, key)
                    .then(sent.heard().asMono().timeout(limit, settings.timer().scheduler()));
        });
    }

    /**
     * The stream has announced a probe, by this node or another. Called in order with losses, so that nothing can have
     * come in between.
     *
     * @param listens whether the stream announces everything: else it proves nothing
     * @param proved is given the time at which the change was sent, if it is the one waited for
     */
    void heard(byte[] key, boolean listens, LongConsumer proved) {
        heardAtNanos = settings.timer().now();
        Sent sent = waiting;
        if (sent != null && sent.key().equals(ByteBuffer.wrap(key))) {
            waiting = null;
            if (listens) {
                proved.accept(sent.sentAtNanos());
                sent.heard().tryEmitEmpty();
            }
        }
    }

    /** Whether one, by this node or another, was announced within the last {@code span}. */
    boolean heardWithin(Duration span) {
        return settings.timer().now() - heardAtNanos <= span.toNanos();
    }
}
