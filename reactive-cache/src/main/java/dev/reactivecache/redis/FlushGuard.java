package dev.reactivecache.redis;

import dev.reactivecache.internal.entry.Tokens;
import io.lettuce.core.SetArgs;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Notices that the whole data set was emptied or replaced, which Redis does not announce ({@code FLUSHALL}, {@code
 * FLUSHDB}, {@code SWAPDB}, a full resynchronization): a key with a random value, made by whichever node comes first,
 * is then gone or another. That it may also be evicted costs one needless check of each entry in memory.
 */
final class FlushGuard {
    private final CommandLink link;
    private final RedisSettings settings;
    private final AtomicReference<byte @Nullable []> known = new AtomicReference<>();

    FlushGuard(CommandLink link, RedisSettings settings) {
        this.link = link;
        this.settings = settings;
    }

    /**
     * Looks, and emits whether this is another data set than when it last looked. A guard of another type of value,
     * made by others, is replaced. Errors if Redis does not answer.
     */
    Mono<Boolean> look() {
        return Mono.defer(() -> {
            byte[] key = link.keys().guard();
            return link.send(settings.readTimeout(), commands -> commands.get(key))
                    .onErrorResume(RedisFailures::isWrongType, taken -> remove().then(Mono.empty()))
                    .switchIfEmpty(Mono.defer(() -> create(key)))
                    .map(this::isAnother);
        });
    }

    /** Makes every node, this one included, notice a change, as if the data set had been replaced. */
    Mono<Void> remove() {
        return link.send(
                        settings.writeTimeout(),
                        commands -> commands.del(link.keys().guard()))
                .then();
    }

    private Mono<byte[]> create(byte[] key) {
        byte[] name = WireFormat.hex(Tokens.next());
        return link.send(settings.writeTimeout(), commands -> commands.set(key, name, SetArgs.Builder.nx()))
                .map(done -> name)
                .switchIfEmpty(link.send(settings.readTimeout(), commands -> commands.get(key)));
    }

    private boolean isAnother(byte[] now) {
        byte[] before = known.getAndSet(now);
        return before != null && !Arrays.equals(before, now);
    }
}
