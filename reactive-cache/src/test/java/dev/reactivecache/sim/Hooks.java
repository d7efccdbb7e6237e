package dev.reactivecache.sim;

import dev.reactivecache.internal.change.Generations;
import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.recovery.Recovery;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What the library does in a place where a guard has been taken out: see {@link Removal#hooked}. */
public final class Hooks {
    private Hooks() {}

    /** Removes an entry, and leaves a flight. */
    public static Object removeEntry(ConcurrentMap<Object, Object> map, Object key) {
        return map.get(key) instanceof Entry<?> ? map.remove(key) : null;
    }

    /** The epoch that now is, instead of a flight's own. */
    public static Epoch currentEpoch(Flight<?> flight) {
        return Current.process().epoch();
    }

    /** Looks at the end of an epoch, and not at how long it has been silent. */
    public static boolean isLive(Epoch epoch, long now) {
        return epoch.isLive();
    }

    /** Hears now what was asked a while ago. */
    public static void hearNow(Epoch epoch, long sentAt) {
        epoch.heard(Current.process().now());
    }

    /** No action at the end. */
    public static Mono<?> withoutAction(Mono<?> mono, Runnable action) {
        return mono;
    }

    /** No timeout. */
    public static Mono<?> withoutTimeout(Mono<?> mono, Duration timeout, Scheduler scheduler) {
        return mono;
    }

    /** No timeout. */
    public static Mono<?> withoutTimeout(Mono<?> mono, Duration timeout, Mono<?> instead, Scheduler scheduler) {
        return mono;
    }

    /** No help when it fails. */
    public static Mono<?> withoutHelp(Mono<?> mono, Function<?, ?> help) {
        return mono;
    }

    /** The tier is back, and is taken to have lost nothing. */
    public static void backWithAll(Recovery recovery, boolean mayHaveLost) {
        recovery.tierBack(false);
    }

    /** Keeps clears and tags, which are told by how they are spelt, and takes keys to be kept. */
    public static boolean keepEndsAlone(Recovery recovery, String spelt) {
        return !isEnd(spelt) || recovery.keep(spelt);
    }

    /** Keeps keys, and takes clears and tags to be kept. */
    public static boolean keepKeysAlone(Recovery recovery, String spelt) {
        return isEnd(spelt) || recovery.keep(spelt);
    }

    private static boolean isEnd(String spelt) {
        return spelt.startsWith("*") || spelt.startsWith("#");
    }

    /** The generation that the cache is in now, instead of the one that was asked for. */
    public static Object markOfNow(Optional<?> asked) {
        return taggedNow((Mark) asked.get(), List.of());
    }

    /** The same, and with tags. */
    public static Mark taggedNow(Mark mark, List<String> tags) {
        long now = (World.REDIS_EPOCH_NANOS + Current.process().now()) / 1_000;
        return new Mark(mark.incarnation(), Math.max(mark.since(), now), tags);
    }

    /** Whether content is known to stand, or has ended by its age. */
    public static boolean orStale(Generations generations, Mark mark, Generation said) {
        return true;
    }

    /** Takes everything to be fresh that is kept. */
    public static Ends.State alwaysFresh(Ends ends, long now) {
        return Ends.State.FRESH;
    }

    /** Takes what may be answered on an error to be what may be answered at once. */
    public static Ends.State revalidatesUntilError(Ends ends, long now) {
        Ends.State state = ends.at(now);
        return state == Ends.State.ON_ERROR ? Ends.State.REVALIDATE : state;
    }

    /** Takes nothing to be over. */
    public static Ends.State neverOver(Ends ends, long now) {
        Ends.State state = ends.at(now);
        return state == Ends.State.OVER ? Ends.State.ON_ERROR : state;
    }

    /** The second of two. */
    public static long second(long first, long second) {
        return second;
    }
}
