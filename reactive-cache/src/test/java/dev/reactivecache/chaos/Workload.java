package dev.reactivecache.chaos;

import dev.reactivecache.Awaiting;
import dev.reactivecache.Cached;
import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.chaos.Act.Kind;
import dev.reactivecache.chaos.Act.Outcome;
import dev.reactivecache.chaos.ChaosSettings.Control;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What one caller of one node does, again and again: mostly reads; some changes, each of the source first. Eight keys
 * are busy, sixteen change seldom: a change that one of those has missed would show for long.
 */
final class Workload {
    private static final int BUSY = 8;
    private static final int QUIET = 16;
    private static final Duration PAUSE = Duration.ofMillis(12);

    private final ReactiveCache<Integer, Long> cache;
    private final Versions source;
    private final History history;
    private final Control control;
    private final Random random;
    private final ConcurrentMap<Object, Long> underWay;

    Workload(
            ReactiveCache<Integer, Long> cache,
            Versions source,
            History history,
            Control control,
            long seed,
            ConcurrentMap<Object, Long> underWay) {
        this.cache = cache;
        this.source = source;
        this.history = history;
        this.control = control;
        this.random = new Random(seed);
        this.underWay = underWay;
    }

    /** A source that said no, on purpose. */
    private static final class SourceDown extends RuntimeException {
        private static final long serialVersionUID = 1;

        SourceDown() {
            super("the source is down, for a test", null, false, false);
        }
    }

    /** One act, and the pause after it. */
    Mono<Void> step() {
        return Mono.defer(
                () -> act().then(Mono.delay(upTo(PAUSE.multipliedBy(2)))).then());
    }

    private Mono<Void> act() {
        double dice = random.nextDouble();
        if (dice < 0.96) {
            return read(key(0.5, 0.15));
        }
        int key = key(0.7, 0.02);
        if (control == Control.OLD_PUT && random.nextInt(20) == 0) {
            return putOld(key);
        }
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> write(key);
            case 3 -> delete(key);
            default -> invalidate(key);
        };
    }

    private int key(double busy, double quiet) {
        double dice = random.nextDouble();
        if (dice < busy) {
            return random.nextInt(BUSY);
        }
        return dice < busy + quiet
                ? BUSY + random.nextInt(QUIET)
                : BUSY + QUIET + random.nextInt(ChaosSettings.KEYS - BUSY - QUIET);
    }

    private Duration upTo(Duration longest) {
        return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
    }

    /** How long the source thinks: usually a moment, at times for seconds. */
    private Duration thought() {
        int dice = random.nextInt(1_000);
        return upTo(dice < 4 ? Duration.ofSeconds(2) : dice < 30 ? Duration.ofMillis(150) : Duration.ofMillis(8));
    }

    private Mono<Long> load(int key) {
        boolean down = random.nextInt(200) == 0;
        return Mono.delay(thought())
                .map(waited -> source.current(key))
                .delayElement(thought())
                .flatMap(version -> down ? Mono.error(new SourceDown()) : Mono.just(version));
    }

    private Mono<Long> raise(int key, AtomicLong made) {
        return Mono.delay(thought().dividedBy(2)).map(waited -> {
            long version = source.raise(key);
            made.set(version);
            return version;
        });
    }

    private Mono<Void> read(int key) {
        if (random.nextInt(12) == 0) {
            return recorded(
                    Kind.READ, key, new AtomicLong(), cache.get(key), version -> Outcome.REMOTE, version -> version);
        }
        return recorded(
                Kind.READ,
                key,
                new AtomicLong(),
                cache.lookup(key, this::load),
                answer -> Outcome.valueOf(answer.origin().name()),
                Workload::versionOf);
    }

    private static long versionOf(Cached<Long> answer) {
        Long version = answer.value();
        return version == null ? 0 : version;
    }

    private Mono<Void> invalidate(int key) {
        AtomicLong made = new AtomicLong();
        boolean untold = control == Control.UNTOLD_CHANGE && random.nextInt(10) == 0;
        boolean everywhere = random.nextInt(6) == 0;
        Mono<?> telling = everywhere
                ? cache.invalidate(key, Awaiting.everyNode(ChaosSettings.WRITE_TIMEOUT))
                : cache.invalidate(key);
        return recorded(
                Kind.INVALIDATE,
                key,
                made,
                raise(key, made).then(untold ? Mono.empty() : telling.then()),
                done -> Outcome.ACKNOWLEDGED,
                done -> made.get());
    }

    private Mono<Void> write(int key) {
        AtomicLong made = new AtomicLong();
        return recorded(
                Kind.WRITE,
                key,
                made,
                cache.writeThrough(key, raise(key, made).delayElement(thought())),
                done -> Outcome.ACKNOWLEDGED,
                done -> made.get());
    }

    private Mono<Void> delete(int key) {
        AtomicLong made = new AtomicLong();
        return recorded(
                Kind.DELETE,
                key,
                made,
                cache.deleteThrough(key, raise(key, made)),
                done -> Outcome.ACKNOWLEDGED,
                done -> made.get());
    }

    /** What no user should do, and what the oracle must see. */
    private Mono<Void> putOld(int key) {
        return Mono.defer(() -> cache.put(key, Math.max(0, source.current(key) - 1)))
                .onErrorComplete();
    }

    private interface OutcomeOf<T> {
        Outcome of(T answer);
    }

    private interface VersionOf<T> {
        long of(T answer);
    }

    /** Does it, cancels it now and then, and writes down how it ended. Completes in any case. */
    private <T> Mono<Void> recorded(
            Kind kind, int key, AtomicLong made, Mono<T> act, OutcomeOf<T> outcome, VersionOf<T> version) {
        Duration patience = random.nextInt(40) == 0 ? upTo(Duration.ofMillis(30)) : null;
        Outcome empty = kind == Kind.READ ? Outcome.EMPTY : Outcome.ACKNOWLEDGED;
        return Mono.defer(() -> {
                    long start = System.nanoTime();
                    Object ticket = new Object();
                    underWay.put(ticket, start);
                    Mono<Void> whole = act.doOnNext(
                                    answer -> note(kind, outcome.of(answer), key, start, version.of(answer)))
                            .hasElement()
                            .doOnNext(any -> {
                                if (!any) {
                                    note(kind, empty, key, start, made.get());
                                }
                            })
                            .then()
                            .doOnError(failure -> note(kind, fateOf(kind, failure), key, start, made.get()))
                            .doOnCancel(() -> note(kind, Outcome.CANCELLED, key, start, made.get()))
                            .doFinally(end -> underWay.remove(ticket));
                    return patience == null ? whole : whole.takeUntilOther(Mono.delay(patience, Schedulers.parallel()));
                })
                .onErrorComplete();
    }

    private void note(Kind kind, Outcome outcome, int key, long start, long version) {
        history.add(kind, outcome, key, start, System.nanoTime(), version);
    }

    private static Outcome fateOf(Kind kind, Throwable failure) {
        boolean expected = kind == Kind.READ
                ? failure instanceof SourceDown || failure instanceof LoadTimeoutException
                : failure instanceof RemoteTierException || failure instanceof UncertainWriteException;
        if (!expected) {
            failure.printStackTrace();
        }
        return expected ? Outcome.FAILED : Outcome.BROKEN;
    }

    /** Calls that have not ended, and when each began. */
    static ConcurrentMap<Object, Long> noneUnderWay() {
        return new ConcurrentHashMap<>();
    }
}
