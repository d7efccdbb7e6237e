package dev.reactivecache.internal.write;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.OnUnreachable;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.internal.flight.CarriedError;
import dev.reactivecache.internal.flight.SourceMono;
import dev.reactivecache.internal.recovery.Repair;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteTierException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One write-through: begin the quarantine, write to the source, end the quarantine. From when the source may have been
 * touched until the tier has acknowledged the end, no way out of here leaves the key without an invalidation that is
 * sent or kept.
 */
final class RemoteWrite<K, V> {
    private final TierWrites<K, V> writes;
    private final K key;
    private final String text;
    private final Repair repair;
    private final EntryOptions options;
    private final long token = Tokens.next();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.BEGINNING);
    private volatile boolean announced;

    private enum Stage {
        /** The source has not been touched. */
        BEGINNING,
        /** The source may have changed. */
        WRITING,
        /** Nothing is left to do. */
        ENDED
    }

    RemoteWrite(TierWrites<K, V> writes, K key, String text, EntryOptions options) {
        this.writes = writes;
        this.key = key;
        this.text = text;
        this.repair = writes.repair(key, text);
        this.options = options;
    }

    Mono<V> run(Mono<? extends V> write) {
        return begin().then(Mono.defer(() -> begun(write)))
                .onErrorMap(CarriedError.class, CarriedError::unwrapped)
                .doOnNext(result -> stage.set(Stage.ENDED))
                .doOnTerminate(() -> stage.set(Stage.ENDED))
                .doOnCancel(this::onCancel);
    }

    private Mono<Void> begin() {
        writes.order.overtake(text);
        return repair.send(writes.tier.region().beginWrite(text, token, writes.terms.quarantine()))
                .doOnSuccess(begun -> announced = true)
                .onErrorResume(RemoteTierException.class, this::onNotBegun);
    }

    private Mono<Void> onNotBegun(RemoteTierException failure) {
        if (writes.terms.onUnreachable() == OnUnreachable.REFUSE_WRITE) {
            takeBack();
            return Mono.error(refused(failure));
        }
        repair.keep();
        writes.counters.remoteFailures.increment();
        return Mono.empty();
    }

    private RemoteTierException refused(RemoteTierException failure) {
        return new RemoteTierException(
                "cache '" + writes.cache + "': the write of key " + text
                        + " is refused, and its source was not asked, because the remote tier could not be told; "
                        + failure.getMessage(),
                failure);
    }

    private Mono<V> begun(Mono<? extends V> write) {
        return writes.tier
                .generations()
                .mark() // before the source's write
                .flatMap(mark -> stage.compareAndSet(Stage.BEGINNING, Stage.WRITING)
                        ? written(write, mark.orElse(null))
                        : Mono.empty()); // it was cancelled
    }

    private Mono<V> written(Mono<? extends V> write, @Nullable Mark mark) {
        return SourceMono.<V>of(() -> Mono.from(write))
                .map(Optional::<V>of)
                .defaultIfEmpty(Optional.empty())
                .onErrorResume(failure ->
                        end(null, null).doOnError(this::count).onErrorComplete().then(Mono.error(failure)))
                .flatMap(result -> end(result.orElse(null), mark)
                        .onErrorMap(failure -> new UncertainWriteException(writes.cache, key, failure))
                        .then(Mono.justOrEmpty(result)));
    }

    private Mono<Void> end(@Nullable V value, @Nullable Mark mark) {
        return Mono.defer(() -> {
            writes.order.overtake(text);
            if (!announced) {
                // what was kept before the write may have been acknowledged during it, when the source was still older
                repair.keep();
                takeBack();
                return Mono.empty();
            }
            NewValue stored = value == null ? null : writes.encodeOrLeaveAbsent(key, value, options, mark);
            return repair.send(Mono.defer(() -> endWrite(stored))).doOnError(failure -> repair.keep());
        });
    }

    /** Stores nothing if an invalidation is pending: it may be of a newer change, and this acknowledges it, too. */
    private Mono<Void> endWrite(@Nullable NewValue stored) {
        return writes.tier.region().endWrite(text, token, repair.isPending() ? null : stored);
    }

    /** Ends the quarantine, which may have begun, without waiting for it. */
    private void takeBack() {
        repair.send(writes.tier.region().endWrite(text, token, null)).subscribe(null, this::count);
    }

    private void onCancel() {
        switch (stage.getAndSet(Stage.ENDED)) {
            case BEGINNING -> takeBack();
            case WRITING -> end(null, null).subscribe(null, this::count);
            case ENDED -> {} // some subscribers cancel when they have what they want
        }
    }

    private void count(Throwable failure) {
        writes.counters.remoteFailures.increment();
    }
}
