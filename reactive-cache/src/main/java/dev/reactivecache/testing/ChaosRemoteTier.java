package dev.reactivecache.testing;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A remote tier with troubles that a test chooses: operations fail, come late, or are not answered in time. What is
 * chosen holds for operations that begin afterwards, of all caches, until something else is chosen. The stream of
 * changes of the tier behind it goes on as it is.
 *
 * <p>Safe for use by any number of threads.
 */
public final class ChaosRemoteTier implements RemoteTier {
    private final RemoteTier tier;
    private final Scheduler timer;
    private final AtomicLong troubled = new AtomicLong();
    private volatile Trouble trouble = new Trouble.None();

    private ChaosRemoteTier(RemoteTier tier, Scheduler timer) {
        this.tier = tier;
        this.timer = timer;
    }

    /** What is wrong. */
    private sealed interface Trouble {
        record None() implements Trouble {}

        record Fails() implements Trouble {}

        record Late(Duration delay) implements Trouble {}

        record Silent(Duration timeout) implements Trouble {}
    }

    /** A tier without troubles yet. Closing it closes the tier behind it. */
    public static ChaosRemoteTier around(RemoteTier tier) {
        return around(tier, Schedulers.parallel());
    }

    /** The same, whose delays are those of a scheduler: for tests, one of virtual time. */
    public static ChaosRemoteTier around(RemoteTier tier, Scheduler timer) {
        return new ChaosRemoteTier(requireNonNull(tier, "tier"), requireNonNull(timer, "timer"));
    }

    /** Every operation errors at once, as on a connection that is lost. Nothing is sent. */
    public ChaosRemoteTier fail() {
        trouble = new Trouble.Fails();
        return this;
    }

    /** Every operation is sent after this delay. */
    public ChaosRemoteTier delay(Duration delay) {
        trouble = new Trouble.Late(requireNonNull(delay, "delay"));
        return this;
    }

    /** Every operation is done, but its answer never comes; as its contract asks for, it errors after the timeout. */
    public ChaosRemoteTier hang(Duration timeout) {
        trouble = new Trouble.Silent(requireNonNull(timeout, "timeout"));
        return this;
    }

    /** Operations work again. */
    public ChaosRemoteTier heal() {
        trouble = new Trouble.None();
        return this;
    }

    /** How many operations have been given trouble. */
    public long troubled() {
        return troubled.get();
    }

    @Override
    public RemoteRegion open(String cache, RegionListener listener) {
        return new ChaosRegion(tier.open(cache, listener), this);
    }

    @Override
    public Mono<Void> ready() {
        return tier.ready();
    }

    @Override
    public RemoteHealth health() {
        return trouble instanceof Trouble.Fails
                ? new RemoteHealth(false, false, null, "trouble by choice")
                : tier.health();
    }

    @Override
    public Mono<Void> close() {
        return tier.close();
    }

    /** An operation, with the trouble that is chosen when it begins. */
    <T> Mono<T> troubled(Mono<T> operation) {
        return Mono.defer(() -> Mono.from(troubled(operation.flux())));
    }

    <T> Flux<T> troubled(Flux<T> operation) {
        return Flux.defer(() -> {
            Trouble now = trouble;
            if (now instanceof Trouble.None) {
                return operation;
            }
            troubled.incrementAndGet();
            if (now instanceof Trouble.Late late) {
                return operation.delaySubscription(late.delay(), timer);
            }
            return now instanceof Trouble.Silent silent
                    ? unanswered(operation, silent.timeout())
                    : Flux.error(failure(null));
        });
    }

    private <T> Flux<T> unanswered(Flux<T> operation, Duration timeout) {
        return operation
                .ignoreElements()
                .onErrorComplete()
                .then(Mono.<T>never())
                .timeout(timeout, Mono.error(() -> failure(timeout)), timer)
                .flux();
    }

    private static RemoteTierException failure(@Nullable Duration timeout) {
        return new RemoteTierException(
                timeout == null ? "fails by choice" : "does not answer within " + timeout + ", by choice", null);
    }

    @Override
    public String toString() {
        return "ChaosRemoteTier[" + trouble + ", " + tier + "]";
    }
}
