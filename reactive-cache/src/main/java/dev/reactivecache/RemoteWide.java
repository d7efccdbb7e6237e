package dev.reactivecache;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.recovery.Recovery;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.remote.Spread;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Invalidations of many keys through the remote tier. As with one key, this node's own entries are dropped before the tier
 * is told and again once it has acknowledged, and what it does not acknowledge is kept before anybody hears of it.
 */
final class RemoteWide<K> implements WideInvalidations {
    private static final int AT_ONCE = 64;
    private static final int PROGRESS = 500;

    private final String cache;
    private final RemoteRegion region;
    private final Generations generations;
    private final Recovery ends;
    private final Recovery recovery;
    private final LocalStore<K, ?> local;
    private final KeyCodec<K> keys;

    RemoteWide(
            String cache,
            RemoteRegion region,
            Generations generations,
            Recovery ends,
            Recovery recovery,
            LocalStore<K, ?> local,
            KeyCodec<K> keys) {
        this.cache = cache;
        this.region = region;
        this.generations = generations;
        this.ends = ends;
        this.recovery = recovery;
        this.local = local;
        this.keys = keys;
    }

    @Override
    public Mono<Void> end(@Nullable String tag) {
        String what = Generations.spelt(tag);
        return Mono.defer(() -> {
            AtomicBoolean over = new AtomicBoolean();
            generations.ended(tag);
            long mark = ends.mark();
            return region.endGeneration(tag)
                    .doOnSuccess(done -> ends.acknowledged(what, mark))
                    .onErrorResume(RemoteTierException.class, failure -> Mono.error(kept(tag, failure)))
                    .doOnTerminate(() -> {
                        generations.ended(tag);
                        over.set(true);
                    })
                    .doOnCancel(() -> {
                        if (!over.get()) {
                            ends.keep(what);
                            generations.ended(tag);
                        }
                    });
        });
    }

    private RemoteTierException kept(@Nullable String tag, RemoteTierException failure) {
        String what = tag == null ? "the clear" : "the invalidation of tag " + tag;
        String fate = ends.keep(Generations.spelt(tag))
                ? " is kept, and sent again until it is acknowledged; "
                : " is lost, because the cache is closed; ";
        return new RemoteTierException("cache '" + cache + "': " + what + fate + failure.getMessage(), failure);
    }

    @Override
    public Flux<Spread> spread(@Nullable String tag) {
        return region.spreadOfGeneration(tag);
    }

    @Override
    public Flux<Long> invalidatePrefix(String prefix) {
        return Flux.defer(() -> {
            drop(prefix);
            return region.keys(prefix)
                    .flatMapDelayError(this::invalidate, AT_ONCE, AT_ONCE)
                    .window(PROGRESS)
                    .concatMap(Flux::count)
                    .scan(0L, Long::sum)
                    .onErrorMap(Exceptions::isMultiple, all -> all.getSuppressed()[0])
                    .doOnTerminate(() -> drop(prefix))
                    .doOnCancel(() -> drop(prefix));
        });
    }

    private void drop(String prefix) {
        local.dropIf(key -> keys.encode(key).startsWith(prefix));
    }

    private Mono<Boolean> invalidate(String text) {
        return Mono.defer(() -> {
            long mark = recovery.mark();
            return region.invalidate(text)
                    .doOnSuccess(done -> recovery.acknowledged(text, mark))
                    .doOnError(failure -> recovery.keep(text))
                    .thenReturn(true);
        });
    }
}
