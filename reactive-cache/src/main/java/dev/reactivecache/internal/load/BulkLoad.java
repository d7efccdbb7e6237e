package dev.reactivecache.internal.load;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Loaded;
import dev.reactivecache.internal.flight.SharedWork;
import dev.reactivecache.internal.flight.SourceMono;
import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.ContextView;

/**
 * The loads of one bulk read. To each key's flight this is a loader like any other; it gathers the keys that it is
 * asked for, and asks the user's loader for them together, once every key of the read has been answered, has been asked
 * for here, or is being loaded by others.
 *
 * <p>What bounds a load bounds each call for many keys, not the wait of one key for the others: a key that held a turn
 * while others still wait for theirs would keep them, and so itself, from being loaded.
 */
public final class BulkLoad<K, V> implements Loader<K, V> {
    /**
     * How long those are gathered that are asked for after the others: somebody else's load of them came to nothing.
     */
    private static final Duration LATE_GATHERING = Duration.ofMillis(2);

    private final String cache;
    private final BulkLoader<K, V> loader;
    private final int loadSize;
    private final TimeSource timer;
    private final Set<K> undecided = ConcurrentHashMap.newKeySet();
    private final AtomicInteger left;
    private final Queue<Member> asked = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean lateGathering = new AtomicBoolean();
    private final BulkLoad<K, V> forRefresh;

    /** @param keys that may be asked for */
    public BulkLoad(String cache, BulkLoader<K, V> loader, int loadSize, TimeSource timer, Collection<K> keys) {
        this.cache = cache;
        this.loader = loader;
        this.loadSize = loadSize;
        this.timer = timer;
        this.undecided.addAll(keys);
        this.left = new AtomicInteger(undecided.size());
        this.forRefresh = keys.isEmpty() ? this : new BulkLoad<>(cache, loader, loadSize, timer, List.of());
    }

    @Override
    public Mono<Loaded<V>> load(K key) {
        return load(key, CallBounds.none(), cache);
    }

    /** As part of a call within bounds. Keys with other bounds are asked for in another call. */
    @Override
    public Mono<Loaded<V>> load(K key, CallBounds bounds, String cacheName) {
        return Mono.deferContextual(context -> Mono.<Loaded<V>>create(sink -> {
            Member member = new Member(key, bounds, context, sink);
            sink.onCancel(member::leave);
            asked.add(member);
            if (!decide(key)) {
                gatherLate();
            }
        }));
    }

    /** Gathers what is to be loaded anew after the read has ended. */
    @Override
    public Loader<K, V> forRefresh() {
        return forRefresh;
    }

    @Override
    public boolean loadsTogether() {
        return true;
    }

    @Override
    public void othersLoad(K key) {
        decide(key);
    }

    @Override
    public void ended(K key) {
        decide(key);
    }

    /** False if it was decided before. */
    private boolean decide(K key) {
        boolean first = undecided.remove(key);
        if (first && left.decrementAndGet() == 0) {
            load();
        }
        return first;
    }

    private void gatherLate() {
        if (lateGathering.compareAndSet(false, true)) {
            Mono.delay(LATE_GATHERING, timer.scheduler()).subscribe(tick -> {
                lateGathering.set(false);
                load();
            });
        }
    }

    private void load() {
        Map<CallBounds, List<Member>> gathered = new LinkedHashMap<>();
        for (Member member = asked.poll(); member != null; member = asked.poll()) {
            List<Member> together = gathered.computeIfAbsent(member.bounds, bounds -> new ArrayList<>());
            together.add(member);
            if (together.size() == loadSize) {
                gathered.remove(member.bounds);
                new Call(member.bounds).start(together);
            }
        }
        gathered.forEach((bounds, together) -> new Call(bounds).start(together));
    }

    /** A key whose flight waits for its load. */
    private final class Member {
        private final K key;
        private final CallBounds bounds;
        private final ContextView context;
        private final MonoSink<Loaded<V>> sink;
        private volatile boolean gone;
        private volatile @Nullable Call call;

        Member(K key, CallBounds bounds, ContextView context, MonoSink<Loaded<V>> sink) {
            this.key = key;
            this.bounds = bounds;
            this.context = context;
            this.sink = sink;
        }

        void leave() {
            gone = true;
            Call joined = call;
            if (joined != null) {
                joined.left(this);
            }
        }

        void end(BulkLoader.Found<K, V> loaded) {
            try {
                sink.success(loaded.of(key));
            } catch (Throwable refused) { // by a map that does not take such a key
                sink.error(refused);
            }
        }
    }

    /** One call of the user's loader: cancelled when none of its flights waits for it any more. */
    private final class Call {
        private final CallBounds bounds;
        private final Set<Member> waiting = ConcurrentHashMap.newKeySet();
        private final Disposable.Swap running = Disposables.swap();
        private final SharedWork work = new SharedWork();

        Call(CallBounds bounds) {
            this.bounds = bounds;
        }

        void start(List<Member> members) {
            Set<K> keys = new LinkedHashSet<>();
            ContextView first = null;
            for (Member member : members) {
                waiting.add(member);
                member.call = this;
                if (member.gone) {
                    waiting.remove(member);
                } else {
                    work.awaitedBy(member.context);
                    keys.add(member.key);
                    first = first == null ? member.context : first;
                }
            }
            if (first == null || waiting.isEmpty()) {
                return;
            }
            Set<K> missing = Collections.unmodifiableSet(keys);
            running.update(bounds.around(SourceMono.of(() -> requireNonNull(loader.load(missing), this::returnedNull)))
                    .defaultIfEmpty(nothing -> null)
                    .doFinally(end -> work.end())
                    .subscribe(
                            loaded -> waiting.forEach(member -> member.end(loaded)),
                            failure -> waiting.forEach(member -> member.sink.error(failure)),
                            null,
                            work.within(first)));
        }

        private String returnedNull() {
            return "the bulk loader of cache '" + cache + "' returned null";
        }

        void left(Member member) {
            if (waiting.remove(member) && waiting.isEmpty()) {
                running.dispose();
            }
        }
    }
}
