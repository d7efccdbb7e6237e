package dev.reactivecache.internal.change;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.recovery.Repairs;
import dev.reactivecache.internal.time.SharedQuestion;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Which generations a cache with a remote tier is in, as this node knows it: what content is void, because the cache
 * was cleared, or one of its tags invalidated, since its load began. What the remote tier said is believed while the
 * epoch in which it was asked lasts and is heard from, and until there is word of an end; else it is asked.
 */
public final class Generations {
    private static final int TAGS_KNOWN = 10_000;

    /** How often the generation of the whole cache is asked for at the same time. */
    private static final int QUESTIONS_UNDER_WAY = 4;

    private final LocalStore<?, ?> local;
    private final TimeSource timer;
    private final Counters counters;
    private final Cache<String, Known<Long>> tags = Caffeine.newBuilder()
            .maximumSize(TAGS_KNOWN)
            .executor(Runnable::run)
            .build();
    private volatile @Nullable Known<Generation> whole;
    private volatile @Nullable Asking asking;
    private long news; // guarded by this

    /** Something that the remote tier said, and the epoch in which it was asked. */
    private record Known<T>(T said, Epoch epoch) {}

    /**
     * How the remote tier is asked.
     *
     * @param epochs the epoch that what is asked now belongs to
     * @param repairs the ends that the remote tier did not acknowledge
     * @param whichIsNow the question for the generation of the whole cache
     */
    private record Asking(
            RemoteRegion region, Supplier<Epoch> epochs, Repairs repairs, SharedQuestion<Generation> whichIsNow) {}

    public Generations(LocalStore<?, ?> local, TimeSource timer, Counters counters) {
        this.local = local;
        this.timer = timer;
        this.counters = counters;
    }

    /**
     * Says how the remote tier is asked. Called once, before the cache is used; events may come before.
     *
     * @param epochs the epoch that what is asked now belongs to
     * @param repairs the ends that the remote tier did not acknowledge
     */
    public void askBy(RemoteRegion region, Supplier<Epoch> epochs, Repairs repairs) {
        asking = new Asking(region, epochs, repairs, new SharedQuestion<>(ask(List.of()), QUESTIONS_UNDER_WAY));
    }

    private Asking asking() {
        return requireNonNull(asking, "askBy has not been called");
    }

    /** What content belongs to whose load begins after this; empty if the remote tier does not say. Never errors. */
    public Mono<Optional<Mark>> mark() {
        return now().map(generation -> Optional.of(generation.mark())).onErrorResume(failure -> {
            counters.remoteFailures.increment();
            return Mono.just(Optional.empty());
        });
    }

    /** Whether it is known at this time which generation the cache is in, without asking. */
    public boolean isKnownAt(long nowNanos) {
        return believed(whole, nowNanos) != null;
    }

    /**
     * Asks something, and at the same time for what {@link #stands} needs. That the tier is unavailable is emitted as
     * soon as either has no answer.
     *
     * @param question never errors; subscribed to at once
     * @param hears what the answer about the generations was
     */
    public Mono<RemoteState> along(Mono<RemoteState> question, Consumer<Generation> hears) {
        return new AskedAlong(question, asking().whichIsNow(), hears, counters);
    }

    /**
     * Whether no generation that content belongs to has ended; false if that cannot be found out. Never errors.
     *
     * @param heard what was answered along with the question for the content, or null
     */
    public Mono<Boolean> stands(@Nullable Mark mark, @Nullable Generation heard) {
        Mono<Generation> generation = heard != null ? Mono.just(heard) : now();
        return generation.flatMap(answer -> asked(mark, answer)).onErrorResume(failure -> {
            counters.remoteFailures.increment();
            return Mono.just(false);
        });
    }

    /** Whether it is known, without asking anybody, that {@link #stands} would say yes. */
    public boolean isKnownToStand(@Nullable Mark mark, @Nullable Generation heard) {
        Generation generation = heard != null ? heard : believed(whole);
        return generation != null && judged(mark, generation) == Judgement.STANDS;
    }

    private enum Judgement {
        STANDS,
        VOID,
        /** Tags must be asked about. */
        OPEN
    }

    private Judgement judged(@Nullable Mark mark, Generation generation) {
        if (mark == null) {
            return generation.cleared() == 0 ? Judgement.STANDS : Judgement.VOID;
        }
        if (asking().repairs().isEndPending(mark.tags()) || !isOfNow(mark, generation)) {
            return Judgement.VOID;
        }
        if (mark.since() >= generation.newest()) {
            return Judgement.STANDS;
        }
        boolean allKnown = true;
        for (String tag : mark.tags()) {
            Long ended = believed(tags.getIfPresent(tag));
            if (ended == null) {
                allKnown = false;
            } else if (ended > mark.since()) {
                return Judgement.VOID;
            }
        }
        return allKnown ? Judgement.STANDS : Judgement.OPEN;
    }

    private Mono<Boolean> asked(@Nullable Mark mark, Generation generation) {
        Judgement judgement = judged(mark, generation);
        if (mark == null || judgement != Judgement.OPEN) {
            return Mono.just(judgement == Judgement.STANDS);
        }
        return ask(mark.tags())
                .map(answer -> isOfNow(mark, answer)
                        && answer.ended().values().stream().allMatch(ended -> ended <= mark.since()));
    }

    private static boolean isOfNow(Mark mark, Generation generation) {
        return mark.incarnation() == generation.incarnation() && mark.since() >= generation.cleared();
    }

    private Mono<Generation> now() {
        return Mono.defer(() -> {
            Generation known = believed(whole);
            return known != null ? Mono.just(known) : asking().whichIsNow().answer();
        });
    }

    private <T> @Nullable T believed(@Nullable Known<T> known) {
        return believed(known, timer.now());
    }

    private <T> @Nullable T believed(@Nullable Known<T> known, long nowNanos) {
        return known != null
                        && known.epoch() == asking().epochs().get()
                        && known.epoch().answersAt(nowNanos)
                ? known.said()
                : null;
    }

    private Mono<Generation> ask(Collection<String> some) {
        return Mono.defer(() -> {
            Epoch epoch = asking().epochs().get();
            long before = newsNow();
            return asking().region().generation(some).doOnNext(answer -> learn(answer, epoch, before));
        });
    }

    private synchronized long newsNow() {
        return news;
    }

    private synchronized boolean isNewest(long asked) {
        return news == asked;
    }

    /** What was said before something ended, or may have been, is not believed later. */
    private synchronized void learn(Generation answer, Epoch epoch, long before) {
        if (isNewest(before)) {
            whole = new Known<>(answer, epoch);
            answer.ended().forEach((tag, number) -> tags.put(tag, new Known<>(number, epoch)));
        }
    }

    /**
     * The remote tier's numbers may be others now. What is in memory does not depend on them: each end is told besides,
     * and content of another incarnation is not believed when it is compared.
     */
    public synchronized void forget() {
        news++;
        whole = null;
        tags.invalidateAll();
    }

    /**
     * A tag, or the whole cache, if null, has been invalidated: what was known of it is over, and so are its entries.
     */
    public void ended(@Nullable String tag) {
        synchronized (this) {
            news++;
            whole = null;
            if (tag == null) {
                tags.invalidateAll();
            } else {
                tags.invalidate(tag);
            }
        }
        if (tag == null) {
            local.clear();
        } else {
            local.dropTag(tag);
        }
    }
}
