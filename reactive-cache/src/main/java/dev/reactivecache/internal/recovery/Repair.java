package dev.reactivecache.internal.recovery;

import dev.reactivecache.remote.RemoteTierException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * One invalidation, of a key, a tag, or the whole cache: sent to the remote tier, and kept until that acknowledges it.
 * What this node has is dropped before the tier hears of it, and again after: a flight opened in between may have read
 * what was there before.
 */
public final class Repair {
    private final String cache;
    private final Recovery recovery;
    private final String spelt;
    private final Runnable drop;
    private final Supplier<String> title;

    /**
     * @param spelt what it is about, as the recovery spells it
     * @param drop drops what this node has of it
     * @param title what messages call it
     */
    Repair(String cache, Recovery recovery, String spelt, Runnable drop, Supplier<String> title) {
        this.cache = cache;
        this.recovery = recovery;
        this.spelt = spelt;
        this.drop = drop;
        this.title = title;
    }

    /** Whether it is kept: the remote tier may have something that it was to void. */
    public boolean isPending() {
        return recovery.isPending(spelt);
    }

    /** Sends a change. If the tier acknowledges it, whatever was pending of this before is done. */
    public Mono<Void> send(Mono<Void> change) {
        return Mono.defer(() -> {
            drop.run();
            long position = recovery.position();
            return change.doOnSuccess(done -> recovery.acknowledged(spelt, position))
                    .doOnTerminate(drop);
        });
    }

    /** Sends a change that is void without the tier's word; without it, or if nobody waits for it, this is kept. */
    public Mono<Void> sendOrKeep(Mono<Void> change) {
        return Mono.defer(() -> {
            AtomicBoolean ended = new AtomicBoolean();
            return send(change)
                    .onErrorMap(RemoteTierException.class, this::notAcknowledged)
                    .doOnTerminate(() -> {
                        drop.run();
                        ended.set(true);
                    })
                    .doOnCancel(() -> {
                        if (!ended.get()) { // some subscribers cancel when they have what they want
                            keep();
                        }
                    });
        });
    }

    /** Keeps it, because nobody else would repeat it. */
    public void keep() {
        recovery.keep(spelt);
        drop.run();
    }

    private RemoteTierException notAcknowledged(RemoteTierException failure) {
        String fate = recovery.keep(spelt)
                ? " is kept, and sent again until it is acknowledged; "
                : " is lost, because the cache is closed; ";
        return new RemoteTierException("cache '" + cache + "': " + title.get() + fate + failure.getMessage(), failure);
    }
}
