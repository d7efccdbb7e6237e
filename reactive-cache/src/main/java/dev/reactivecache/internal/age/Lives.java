package dev.reactivecache.internal.age;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.internal.entry.Life;
import dev.reactivecache.internal.policy.Checks;
import dev.reactivecache.internal.policy.Lifetimes;
import dev.reactivecache.internal.policy.StaleTerms;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Draws the lives of the entries of one cache.
 *
 * @param lifetimes for how long entries are fresh, and memory keeps them
 * @param windows for how long values may be answered after that
 * @param terms on what terms they are, and are loaded anew
 */
public record Lives(Lifetimes lifetimes, Windows windows, StaleTerms terms) {
    private static final long LONGEST_NANOS = Checks.LONGEST.toNanos();

    /** Whether the knowledge that the source has no value is kept at all. */
    public boolean keepsAbsence() {
        return lifetimes.keepsAbsence();
    }

    /** The time to live of what was loaded or written. */
    public Duration ttl(boolean absent, EntryOptions options) {
        return Duration.ofNanos(lifetimes.drawNanos(absent, options.ttl(), ThreadLocalRandom.current()));
    }

    /** For how long a value may be answered after its time to live. The knowledge that there is none never is. */
    public Windows windows(boolean absent, EntryOptions options) {
        Duration revalidate = options.staleWhileRevalidate();
        Duration error = options.staleIfError();
        if (absent) {
            return Windows.NONE;
        }
        return revalidate == null && error == null
                ? windows
                : new Windows(
                        revalidate == null ? windows.revalidate() : revalidate,
                        error == null ? windows.error() : error,
                        windows.keep());
    }

    /** Of what an in-memory cache keeps from {@code now} on. */
    public Life inMemory(long now, boolean absent, EntryOptions options, long tookNanos) {
        long ttl = ttl(absent, options).toNanos();
        long bound = options.ttl() == null ? lifetimes.localTtl().toNanos() : ttl;
        return whole(now, Math.min(ttl, bound), windows(absent, options), tookNanos);
    }

    /** Of what this node keeps for itself from {@code now} on, beside a remote tier that does not have it. */
    public Life hereOnly(long now, boolean absent, EntryOptions options, long tookNanos) {
        long ttl = drawLocal(ttl(absent, options).toNanos());
        return whole(now, ttl, windows(absent, options), tookNanos);
    }

    /** Of something that has nothing but this node's memory: that keeps it until its last window ends. */
    private Life whole(long now, long ttl, Windows own, long tookNanos) {
        return life(endsOf(now, ttl, own, tookNanos, Long.MAX_VALUE / 2), ttl);
    }

    /** Of a copy of what the remote tier has stored at {@code storedAt}. */
    public Life copied(long storedAt, Duration ttl, Windows own, long tookNanos) {
        long longest = Math.max(own.revalidate().toNanos(), own.error().toNanos());
        long copy = drawLocal(ttl.toNanos() + longest);
        return life(endsOf(storedAt, ttl.toNanos(), own, tookNanos, copy), ttl.toNanos());
    }

    /** Of a copy of what the remote tier said it has, to a question asked at {@code askedAt}. */
    public Life told(RemoteState.Value said, long askedAt) {
        return told(said, askedAt, drawLocal(said.remaining().servedNanos()));
    }

    /** The same of a copy that this node keeps for so long at most. */
    public Life told(RemoteState.Value said, long askedAt, long copyNanos) {
        RemoteState.Remaining remaining = said.remaining();
        long fresh = bounded(remaining.freshNanos());
        long served = bounded(remaining.servedNanos());
        Ends.Rest rest = said.restNanos() > 0 ? new Ends.Rest(askedAt + bounded(said.restNanos()), 1) : null;
        Ends ends = new Ends(
                askedAt + fresh,
                askedAt + bounded(remaining.revalidateNanos()),
                askedAt + bounded(remaining.errorNanos()),
                askedAt + Math.min(copyNanos, served),
                said.loadNanos(),
                rest);
        return life(ends, Math.max(0, fresh + said.ageNanos()));
    }

    /** What bytes in the remote tier say need not be a time of ours. */
    private static long bounded(long nanos) {
        return Math.min(nanos, LONGEST_NANOS);
    }

    private static Ends endsOf(long now, long ttl, Windows own, long tookNanos, long copy) {
        long revalidate = ttl + own.revalidate().toNanos();
        long error = ttl + own.error().toNanos();
        long served = Math.max(revalidate, error);
        return new Ends(now + ttl, now + revalidate, now + error, now + Math.min(copy, served), tookNanos, null);
    }

    /** Of an entry with these ends, whose time to live was this long. */
    public Life life(Ends ends, long ttlNanos) {
        boolean hasWindows = ends.served() != ends.fresh();
        long reach = terms.early().reachNanos(ttlNanos, ends.tookNanos());
        if (!hasWindows && reach == 0) {
            return Life.until(ends.copy());
        }
        return Life.of(ends, reach);
    }

    /** Until when a copy is kept of what may be answered for so long: never longer than that. */
    public long drawLocal(long remainingNanos) {
        return lifetimes.drawLocalNanos(remainingNanos, ThreadLocalRandom.current());
    }
}
