package dev.reactivecache.sim;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.OnUnreachable;
import dev.reactivecache.redis.SimulatedTier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says of each read whether it was allowed to end as it did. Every value names its {@link Maker}, so it is known which
 * load, write or put it comes from. A value's <em>birth</em> is the moment that it cannot be older than: the beginning
 * of its load, the commit of its write, the storing of its put.
 *
 * <ul>
 *   <li><b>G4, G10.</b> A change whose caller on this node heard before the read began that it is done, or that it is
 *       kept to be sent again: the answer was born after the change began, and is of no older version than the change
 *       left. Right, because the change drops this node's copy and unmaps its flights, and Redis refuses what was
 *       leased before.
 *   <li><b>G5, G6.</b> The same for changes through any node, if the answer is from Redis: unless the question to Redis
 *       may have been sent before the caller heard so, or the change was of many keys and the node need not have heard
 *       of it yet: which generations have ended it knows from the stream. The question may have been sent before if the
 *       read joined a flight that was there before, whose question is then no older than one timeout.
 *   <li><b>Failovers.</b> A change that Redis loses in one binds nobody, until its node, if that lives on, has had time
 *       to repeat its invalidation: at the end of the run.
 *   <li><b>G6, crashes.</b> A write that was committed within its quarantine holds from its commit on, whatever becomes
 *       of its writer: every older value is gone, and none can be stored.
 *   <li><b>G7.</b> An answer from memory was born after the last touch of its key in Redis that is longer ago than the
 *       bound. Touches are all changes, by any client, but for fills: what a fill replaces is no older. If Redis
 *       announced nothing, the probe's period is added, provided that it lasted that long or that the node put it right
 *       itself. Nor is it from after the end of its life in Redis.
 *   <li><b>G1.</b> Two loads of one key on one node overlap only if an event, a change of the node's own, or a gap came
 *       since the first was begun, or shortly before; or if no news came for so long that the first could not be
 *       shared.
 *   <li><b>G2.</b> Every read ends, in the time of two loads and four questions.
 *   <li><b>G3, G9.</b> A read fails only with the error of a load that ended with it.
 *   <li>An answer that was loaded before the read began is from a load that had not ended then: such reads have joined
 *       it, which is why G5 and G6 do not hold for them. But no gap came in between, as far as the node knew, and when
 *       they joined, no touch of the key was longer ago than the bound, as in G7.
 * </ul>
 *
 * <p>How old an answer may be, and what loads keys anew, is judged by {@link AgeRules}.
 *
 * <p>Not judged are G8, which saves loads and decides nothing, the modes other than the default, and a cluster.
 */
final class Oracle {
    private static final long MILLI = 1_000_000;
    private static final long MARGIN = 5_000 * MILLI;

    private final World world;
    private final Terms terms;
    private final ServerLog log;
    private final Source source;
    private final AgeRules ages;
    private final Map<Slot, List<Change>> changes = new HashMap<>();
    private final List<Maker> loading = new ArrayList<>();
    private final SortedMap<String, Integer> counts = new TreeMap<>();
    private @Nullable String violation;

    Oracle(World world, Terms terms, ServerLog log, Source source) {
        this.world = world;
        this.terms = terms;
        this.log = log;
        this.source = source;
        this.ages = new AgeRules(world, terms, log, this::violated);
    }

    @Nullable
    String violation() {
        return violation;
    }

    /** How many reads ended in which way. */
    SortedMap<String, Integer> counts() {
        return counts;
    }

    void add(Change change) {
        change.slots()
                .forEach(slot ->
                        changes.computeIfAbsent(slot, same -> new ArrayList<>()).add(change));
    }

    private List<Change> changes(Slot slot) {
        return changes.getOrDefault(slot, List.of());
    }

    /** Nothing is wrong from now on. */
    void calm() {
        ages.calm();
    }

    void onRead(Read read) {
        ages.onRead(read);
    }

    /** G1. */
    void onLoad(Maker load) {
        ages.onLoad(load);
        long shortlyBefore = 2 * terms.questionNanos() + terms.loadTimeout().toNanos() + load.process.pausedNanos();
        long bound = terms.stalenessBound().toNanos();
        for (Maker other : loading) {
            if (other.process == load.process
                    && other.slot.equals(load.slot)
                    && load.process.lastDrop(load.slot) < other.begun - shortlyBefore
                    && load.process.lastSilence() < other.begun - shortlyBefore + bound) {
                violated("G1", load.name + " began while " + other.name + " was under way, and nothing parted them");
            }
        }
        loading.add(load);
    }

    void onLoadFails(Maker load) {
        ages.onLoadFails(load);
    }

    void onLoadEnded(Maker load) {
        loading.remove(load);
        ages.onLoadEnded(load);
    }

    /** Redis has lost what it acknowledged from a moment on. What was pending may have been acknowledged then, too. */
    void onLost(long from) {
        changes.values().stream()
                .flatMap(List::stream)
                .filter(change -> change.heldHere != Maker.NEVER)
                .filter(change -> change.acknowledged == Maker.NEVER || change.acknowledged >= from)
                .forEach(change -> {
                    change.lost = true;
                    change.heldHere = Maker.NEVER;
                    change.acknowledged = Maker.NEVER;
                });
    }

    /** G10: what was kept to be sent has been sent, and what a failover lost has been repeated. */
    void onNothingPending(SimProcess process) {
        changes.values().stream()
                .flatMap(List::stream)
                .filter(change -> change.process == process && (change.heldHere != Maker.NEVER || change.lost))
                .filter(change -> change.acknowledged == Maker.NEVER)
                .forEach(change -> {
                    change.heldHere = Math.min(change.heldHere, world.moment());
                    change.acknowledged = world.now();
                });
    }

    /** G2, after the time that a read may take has passed. */
    void onLate(Read read) {
        if (!read.over && !read.process.isCrashed()) {
            violated("G2", read.name + " has not ended");
        }
    }

    void onError(Read read, Throwable failure) {
        count("errors");
        boolean ofLoad = failure instanceof SourceFailure || failure instanceof LoadTimeoutException;
        if (!ofLoad || !read.loads) {
            violated("G9", read.name + " failed with " + failure);
        } else if (failure instanceof SourceFailure own && own.load().ended < read.start) {
            violated("G3", read.name + " failed with the error of " + own.load().name + ", which had ended before");
        }
    }

    void onEmpty(Read read) {
        count("empty");
        if (!read.loads) {
            return; // there was nothing, or nothing that could be had without a load
        }
        int floor = read.process == null ? 0 : floorOfOwn(read);
        if (read.origin == Origin.REMOTE) {
            floor = Math.max(floor, floorOfAll(read, oldestQuestion(read)));
        }
        if (!source.wasAbsentFrom(read.slot, floor)) {
            violated("G4-G7", read.name + " was told that there is no value, which was not so since version " + floor);
        }
    }

    private int floorOfOwn(Read read) {
        return changes(read.slot).stream()
                .filter(change -> change.process == read.process && change.heldHere < read.moment)
                .filter(change -> change.tag == null) // absence has no tags
                .mapToInt(change -> change.floor(read.slot))
                .max()
                .orElse(0);
    }

    private int floorOfAll(Read read, long until) {
        return changes(read.slot).stream()
                .filter(change -> change.acknowledged <= until && change.tag == null && concerns(change, read))
                .mapToInt(change -> change.floor(read.slot))
                .max()
                .orElse(0);
    }

    void onValue(Read read) {
        count(read.origin == null ? "values" : read.origin.name().toLowerCase(java.util.Locale.ROOT));
        Maker maker = log.maker(read.value);
        if (maker == null) {
            violated("G4-G7", read.name + " was told " + read.value + ", which nobody made");
            return;
        }
        ages.onValue(read, maker);
        own(read, maker);
        if (read.isStale()) {
            stale(read, maker);
        }
        if (read.origin == Origin.LOCAL) {
            local(read, maker, true);
        } else if (read.origin == Origin.REMOTE) {
            remote(read, maker, true);
        } else if (read.origin == Origin.LOADER) {
            if (!joined(read, maker) && maker.begun < read.start) {
                violated(
                        "G3",
                        read.name + " was told " + read.value
                                + " as if just loaded, by a load that was over, or to be left");
            }
        } else if (!joined(read, maker) && !local(read, maker, false) && !remote(read, maker, false)) {
            local(read, maker, true);
        }
    }

    /** G13. */
    private void stale(Read read, Maker maker) {
        count(read.freshness.name().toLowerCase(java.util.Locale.ROOT));
        ServerLog.Touch touch = lastTouch(
                read, maker, ages.askedSince(read) + terms.stalenessBound().toNanos());
        if (touch != null && maker.inRedis() < touch.at()) {
            violated(
                    "G13",
                    read.name + " was told " + read.value + " as " + read.freshness + ", but Redis had seen '"
                            + touch.event() + "' " + (world.now() - touch.at()) / MILLI + " ms before");
        }
    }

    /** G4. */
    private void own(Read read, Maker maker) {
        for (Change change : changes(read.slot)) {
            long known = read.isStale() ? Maker.NEVER : read.moment; // what is stale must not be void when it is given
            if (change.process == read.process && change.heldHere < known && !sees(read.slot, maker, change)) {
                violated(read.isStale() ? "G13" : "G4", old(read, change) + " which this node had done");
            }
        }
    }

    /** G7. */
    private boolean local(Read read, Maker maker, boolean strict) {
        long bound = terms.stalenessBound().toNanos();
        ServerLog.Touch touch = lastTouch(read, maker, world.now());
        if (touch != null && maker.inRedis() < touch.at()) {
            return not(
                    strict,
                    "G7",
                    read.name + " was told " + read.value + " from memory, but Redis had seen '" + touch.event() + "' "
                            + (read.start - touch.at()) / MILLI + " ms before");
        }
        if (maker.servedUntil < read.start - MILLI) {
            return not(strict, "G7", read.name + " was told " + read.value + " from memory, after its end in Redis");
        }
        for (Change change : changes(read.slot)) {
            if (holdsByCommit(change)
                    && change.committed <= read.start - bound
                    && maker.version < change.floor(read.slot)) {
                return not(strict, "G6", old(read, change) + " committed longer than the bound ago");
            }
        }
        return true;
    }

    /** G5 and G6. */
    private boolean remote(Read read, Maker maker, boolean strict) {
        long oldest = oldestQuestion(read);
        for (Change change : changes(read.slot)) {
            if (!concerns(change, read)) {
                continue;
            }
            if (change.acknowledged <= Math.min(oldest, read.start) && !sees(read.slot, maker, change)) {
                return not(strict, "G5", old(read, change) + " which had been acknowledged");
            }
            if (holdsByCommit(change)
                    && change.committed <= Math.min(oldest, read.start)
                    && maker.version < change.floor(read.slot)) {
                return not(strict, "G6", old(read, change) + " which had been committed in its quarantine");
            }
        }
        return true;
    }

    /**
     * Whether a read from Redis must see a change: one of many keys only if its node must know of it when it begins.
     */
    private boolean concerns(Change change, Read read) {
        if (!change.isWide() || change.process == read.process) {
            return true;
        }
        String cache = Terms.cache(read.slot.cache());
        ServerLog.Touch touch = lastTouch(read, read.start, SimulatedTier.endedKey(cache, change.tag));
        return touch != null && touch.told() >= change.start;
    }

    /** When the question that a read was answered from was sent, at the earliest. */
    private long oldestQuestion(Read read) {
        long pauses = read.process.pausedNanos();
        return Math.max(read.process.busySince(read.slot), world.now() - terms.questionNanos() - pauses);
    }

    /** The last touch of what was answered: of its key, of one of its tags, or of the whole cache. */
    private ServerLog.@Nullable Touch lastTouch(Read read, Maker maker, long moment) {
        ServerLog.Touch last = lastTouch(read, moment, read.slot.redisKey());
        for (String key : read.slot.endedKeys(maker.tags)) {
            ServerLog.Touch other = lastTouch(read, moment, key);
            last = last == null || (other != null && other.at() > last.at()) ? other : last;
        }
        return last;
    }

    private ServerLog.@Nullable Touch lastTouch(Read read, long moment, String redisKey) {
        long probePeriod = Terms.PROBE_PERIOD.toNanos() + 4 * terms.questionNanos() + MARGIN;
        return log.lastTouch(
                redisKey, read.process, moment, terms.stalenessBound().toNanos(), probePeriod);
    }

    private boolean joined(Read read, Maker maker) {
        ServerLog.Touch touch = lastTouch(read, maker, read.start);
        return maker.kind == Maker.Kind.LOAD
                && maker.process == read.process
                && maker.begun < read.start
                && maker.begun >= read.gapBefore
                && (touch == null || maker.begun >= touch.at())
                && (maker.ended == Maker.NEVER
                        || read.start <= maker.ended + terms.questionNanos() + maker.process.pausedNanos());
    }

    private static boolean sees(Slot slot, Maker maker, Change change) {
        return !change.concerns(maker)
                || maker.name.equals(change.name)
                || maker.birth() >= change.start && (!slot.hasVersions() || maker.version >= change.floor(slot));
    }

    private boolean holdsByCommit(Change change) {
        return terms.onUnreachable() == OnUnreachable.REFUSE_WRITE
                && change.committed != Maker.NEVER
                && change.committed < change.start + terms.quarantine().toNanos()
                && log.undisturbedSince(change.slot(), change.start);
    }

    private static String old(Read read, Change change) {
        return read.name + " was told " + read.value + " in spite of " + change.name + ",";
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private boolean not(boolean strict, String promise, String what) {
        if (strict) {
            violated(promise, what);
        }
        return false;
    }

    void violated(String promise, String what) {
        world.note("VIOLATION of %s: %s", promise, what);
        if (violation == null) {
            violation = promise + ": " + what;
        }
    }
}
