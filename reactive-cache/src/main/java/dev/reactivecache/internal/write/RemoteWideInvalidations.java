package dev.reactivecache.internal.write;

import dev.reactivecache.internal.change.SharedTier;
import dev.reactivecache.internal.codec.TierCodecs;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.remote.Spread;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Invalidations of many keys through the remote tier. What it does not acknowledge is kept before callers hear of it.
 */
public final class RemoteWideInvalidations<K> implements WideInvalidations {
    private static final int AT_ONCE = 64;
    private static final int PROGRESS = 500;

    private final String cache;
    private final SharedTier tier;
    private final LocalStore<K, ?> local;
    private final TierCodecs<K, ?> codecs;
    private final PutOrder order;

    public RemoteWideInvalidations(TierWrites<K, ?> writes, LocalStore<K, ?> local) {
        this.cache = writes.cache;
        this.tier = writes.tier;
        this.codecs = writes.codecs;
        this.order = writes.order;
        this.local = local;
    }

    @Override
    public Mono<Void> end(@Nullable String tag) {
        return Mono.defer(() -> {
            order.overtakeTag(tag);
            return tier.repairs().ofTag(tag).sendOrKeep(tier.region().endGeneration(tag));
        });
    }

    @Override
    public Flux<Spread> spread(@Nullable String tag) {
        return tier.region().spreadOfGeneration(tag);
    }

    @Override
    public Flux<Long> invalidatePrefix(String prefix) {
        return Flux.defer(() -> {
            order.overtakePrefix(prefix);
            drop(prefix);
            var course = new PrefixCourse(cache, prefix);
            return tier.region()
                    .keys(prefix)
                    .doOnError(course::onSearchFailed)
                    .onErrorComplete()
                    .flatMap(text -> course.invalidation(invalidate(text)), AT_ONCE, AT_ONCE)
                    .window(PROGRESS)
                    .concatMap(Flux::count)
                    .scan(0L, Long::sum)
                    .concatWith(course.end())
                    .doOnTerminate(() -> drop(prefix))
                    .doOnCancel(() -> drop(prefix));
        });
    }

    private void drop(String prefix) {
        local.dropIf(key -> codecs.text(key).startsWith(prefix));
    }

    private Mono<Void> invalidate(String text) {
        return tier.repairs().ofKey(text).sendOrKeep(tier.region().invalidate(text));
    }
}
