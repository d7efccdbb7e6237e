package dev.reactivecache.sim;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Says of each answer whether it was not too old, and of each load that replaces what may still be answered whether it
 * was due. Ages are by the clock of Redis.
 *
 * <ul>
 *   <li><b>G12.</b> An answer says that it is fresh only before the end of its time to live; what is older is given
 *       within its window, and says why: a load of the key by this node has failed since the last that did not, or the
 *       key rests in Redis; or the read has lasted as long as the soft timeout.
 *   <li><b>G13.</b> Such an answer has seen every change whose caller on this node was told so before it was
 *       <em>given</em>, and was born after the last touch of its key that is longer ago, then, than the bound or the
 *       longest question. What a load anew found the source to have no longer is not answered once everybody must know.
 *   <li><b>G14.</b> Two such loads of one key run at a time on two nodes, or one within the pause after another that
 *       failed, only if the key was touched since, or something was wrong. Each has a read of its key on its node since
 *       the one before. What one has brought is stored, if nothing was wrong and the key was not touched. And a key
 *       that is read each second while nothing is wrong is not stale for longer than a load and a lease take.
 * </ul>
 */
final class AgeRules {
    private static final long MILLI = 1_000_000;
    /** What must not take a value away over which somebody loads: its own end, and another who would load it. */
    private static final Set<String> LEAVES_IT_THERE = Set.of("expired", "lease");

    private static final long CALM_BEFORE = 8_000 * MILLI;

    private final World world;
    private final Terms terms;
    private final ServerLog log;
    private final BiConsumer<String, String> violated;
    private long calmSince = Maker.NEVER;
    private final Map<Slot, Maker> running = new HashMap<>();
    private final Map<Slot, Maker> failed = new HashMap<>();
    private final Map<Slot, Maker> emptied = new HashMap<>();
    private final Map<Maker.Place, Long> failures = new HashMap<>();
    private final Map<Maker.Place, Long> successes = new HashMap<>();
    private final Map<Maker.Place, Integer> reads = new HashMap<>();

    AgeRules(World world, Terms terms, ServerLog log, BiConsumer<String, String> violated) {
        this.world = world;
        this.terms = terms;
        this.log = log;
        this.violated = violated;
    }

    /** Nothing is wrong from now on, neither with nodes nor with the source, and keys are read each second. */
    void calm() {
        calmSince = world.now();
    }

    void onRead(Read read) {
        reads.merge(new Maker.Place(read.process, read.slot), 1, Integer::sum);
    }

    /** How old an answer is, and what it says of that. */
    void onValue(Read read, Maker maker) {
        Maker empty = emptied.get(read.slot);
        if (empty != null && isGone(maker, empty)) {
            violated("G13", read, "though the source had no value when " + empty.name + " loaded it anew");
            return;
        }
        boolean loadedForIt = maker.process == read.process && maker.ended >= read.start;
        Freshness freshness = read.freshness;
        if (freshness == null) {
            long end = read.loads ? errorOrLater(maker) : revalidateOrLater(maker);
            if (!loadedForIt && world.now() > end + MILLI) {
                violated("G12", read, "after the end of its windows");
            }
            return;
        }
        if (read.origin == Origin.LOADER) {
            return;
        }
        long end = switch (freshness) {
            case FRESH -> freshUntil(maker);
            case REVALIDATING -> revalidateOrLater(maker);
            case STALE_ON_ERROR, STALE_ON_TIMEOUT -> errorOrLater(maker); // what may be given at once, may be then
        };
        if (world.now() > end + MILLI) {
            violated("G12", read, (world.now() - end) / MILLI + " ms after the end of what it says it is");
        } else if (read.isStale() && world.now() - longestStaleNanos() > Math.max(calmSince, freshUntil(maker))) {
            violated("G14", read, "though nothing has kept it from being loaded anew");
        } else if (freshness == Freshness.STALE_ON_ERROR && !hasFailed(read)) {
            violated("G12", read, "though no load has failed");
        } else if (freshness == Freshness.STALE_ON_TIMEOUT && !hasWaited(read)) {
            violated("G12", read, "before the soft timeout");
        }
    }

    private void violated(String promise, Read read, String what) {
        String as = read.freshness == null ? "" : " as " + read.freshness;
        violated.accept(promise, read.name + " was told " + read.value + as + ", " + what);
    }

    private long freshUntil(Maker maker) {
        return maker.stored != Maker.NEVER || maker.ended == Maker.NEVER
                ? maker.freshUntil
                : maker.ended + terms.ttl().toNanos(); // kept by its node alone
    }

    private long revalidateOrLater(Maker maker) {
        return maker.stored != Maker.NEVER || maker.ended == Maker.NEVER
                ? maker.revalidateUntil
                : freshUntil(maker) + terms.aging().windows().revalidate().toNanos();
    }

    private long errorUntil(Maker maker) {
        return maker.stored != Maker.NEVER || maker.ended == Maker.NEVER
                ? maker.errorUntil
                : freshUntil(maker) + terms.aging().windows().error().toNanos();
    }

    private long errorOrLater(Maker maker) {
        return Math.max(revalidateOrLater(maker), errorUntil(maker));
    }

    /** For how long a key that is read each second may be stale: for a load, and one that has died before it. */
    private long longestStaleNanos() {
        return terms.loadTimeout()
                .plus(terms.lease())
                .plus(terms.stalenessBound())
                .plusSeconds(2)
                .toNanos();
    }

    private boolean hasFailed(Read read) {
        Maker.Place place = new Maker.Place(read.process, read.slot);
        long failure = failures.getOrDefault(place, -1L);
        boolean here = failure >= read.start || failure >= successes.getOrDefault(place, 0L);
        long rested = log.restUntil(read.slot) + terms.questionNanos() + read.process.pausedNanos();
        return here || rested >= world.now();
    }

    private boolean hasWaited(Read read) {
        return terms.aging().softTimeout() != null
                && world.now() - read.start >= terms.aging().softTimeout().toNanos();
    }

    /** Of a stale answer: when what it shows may have been asked, at the earliest. */
    long askedSince(Read read) {
        long longest = Math.max(terms.stalenessBound().toNanos(), terms.questionNanos());
        return world.now() - longest - (read.process.pausedNanos() - read.pausedBefore);
    }

    void onLoad(Maker load) {
        if (!load.nobodyWaits) {
            return;
        }
        Maker.Place place = new Maker.Place(load.process, load.slot);
        if (reads.getOrDefault(place, 0) == 0) {
            violated.accept("G14", load.name + " is a load anew of a key that nobody has read since the last");
        }
        reads.remove(place);
        Maker other = running.put(load.slot, load);
        if (other != null && other.process != load.process && nothingParts(load.slot, other.begun)) {
            violated.accept("G14", load.name + " loads anew what " + other.name + " does, and nothing parted them");
        }
        tooSoon(load, failed.get(load.slot));
    }

    private void tooSoon(Maker load, @Nullable Maker last) {
        long pause = terms.aging().firstRest().toNanos() / 2;
        if (last != null && world.now() < last.ended + pause - MILLI && nothingParts(load.slot, last.begun)) {
            violated.accept("G14", load.name + " loads anew too soon after " + last.name + " has failed to");
        }
    }

    /** Since a load began, or was given the right to. */
    private boolean nothingParts(Slot slot, long begun) {
        return nothingParts(slot, begun, Set.of());
    }

    private boolean nothingParts(Slot slot, long begun, Set<String> but) {
        return log.lastTouchAt(slot, but) < begun - terms.questionNanos() && log.untroubledSince(begun - CALM_BEFORE);
    }

    /** Whether a value was there before a load anew that brought none, and everybody must know so by now. */
    private boolean isGone(Maker maker, Maker empty) {
        long known = empty.ended + terms.stalenessBound().toNanos() + 3 * terms.questionNanos();
        return maker.kind == Maker.Kind.LOAD
                && maker.ended < empty.begun
                && world.now() > known
                && log.untroubledSince(empty.begun - CALM_BEFORE);
    }

    /** It is about to: its readers are told before it has ended. */
    void onLoadFails(Maker load) {
        failures.put(new Maker.Place(load.process, load.slot), world.now());
    }

    void onLoadEnded(Maker load) {
        Maker.Place place = new Maker.Place(load.process, load.slot);
        (load.succeeded ? successes : failures).put(place, world.now());
        if (!load.nobodyWaits) {
            return;
        }
        running.remove(load.slot, load);
        if (load.failed) {
            failed.put(load.slot, load);
        }
        if (load.succeeded && load.broughtNothing) {
            emptied.put(load.slot, load);
        } else if (load.succeeded) {
            world.after(2 * terms.questionNanos(), () -> mustBeStored(load));
        }
    }

    private void mustBeStored(Maker load) {
        if (load.stored == Maker.NEVER && nothingParts(load.slot, load.begun, LEAVES_IT_THERE)) {
            violated.accept("G14", load.name + " has loaded a key anew, and was not stored");
        }
    }
}
