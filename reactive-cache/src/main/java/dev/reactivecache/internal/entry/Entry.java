package dev.reactivecache.internal.entry;

import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Mark;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a tier knows of one key: a value, or that the source has none. Immutable. Times are of this node's monotonic
 * clock.
 *
 * <p>An entry is itself the completed future that the local tier maps: a hit then follows one reference less, and
 * memory holds one object less for each key.
 *
 * @param <V> the type of values
 */
public final class Entry<V> extends CompletableFuture<Entry<V>> {
    private final @Nullable V value;
    private final long stamp;
    private final long loadedAtNanos;
    private final long calmUntilNanos;
    private final @Nullable Ends ends; // null without windows, so that such a cache pays nothing for them
    private final From from;
    private final Epoch epoch;
    private final @Nullable Mark mark;
    private final int weight;
    private final @Nullable List<TagWatch> watches; // null without tags, so that a hit has one comparison more

    /**
     * Creates an entry.
     *
     * @param value the value, or null if the source is known to have none
     * @param stamp what tells this content of the remote tier from any other, or {@link #UNSTAMPED}
     * @param from where this node has it from
     * @param epoch the epoch in which its way here began
     * @param scope the generations that it belongs to
     * @param weight in how many bytes the value was encoded, or {@link #UNWEIGHED}
     */
    public Entry(
            @Nullable V value,
            long stamp,
            long loadedAtNanos,
            Life life,
            From from,
            Epoch epoch,
            Scope scope,
            int weight) {
        this.value = value;
        this.stamp = stamp;
        this.loadedAtNanos = loadedAtNanos;
        this.calmUntilNanos = life.calmUntil();
        this.ends = life.ends();
        this.from = from;
        this.epoch = epoch;
        this.mark = scope.mark();
        this.weight = weight;
        this.watches = scope.watches().isEmpty() ? null : scope.watches();
        complete(this);
    }

    /**
     * The generations of the cache, and of tags, that content belongs to.
     *
     * @param mark which they are by the remote tier's numbers, or null if that is not known
     * @param watches one for each of its tags, registered before the tags were compared with anything
     */
    public record Scope(@Nullable Mark mark, List<TagWatch> watches) {
        private static final Scope NONE = new Scope(null, List.of());

        /** Of content that has these tags, and of which the remote tier's numbers are not known. */
        public static Scope of(List<TagWatch> watches) {
            return watches.isEmpty() ? NONE : new Scope(null, watches);
        }
    }

    /** Where a node has an entry from. */
    public enum From {
        /** It loaded it, or was given it. */
        SOURCE,
        /** It read it in the remote tier, or had it confirmed there. */
        REMOTE,
        /** It had it in memory, and could not have it confirmed. */
        UNCHECKED_MEMORY
    }

    /** The stamp of an entry that is not in the remote tier. */
    public static final long UNSTAMPED = 0;

    /** The weight of what nobody has weighed. */
    public static final int UNWEIGHED = -1;

    /** The value, or null if the source is known to have none. */
    public @Nullable V value() {
        return value;
    }

    /** What tells this content of the remote tier from any other, or {@link #UNSTAMPED}. */
    public long stamp() {
        return stamp;
    }

    /** When it was loaded from the source. */
    public long loadedAtNanos() {
        return loadedAtNanos;
    }

    /** Until when it is answered without another look at its age. */
    public long calmUntilNanos() {
        return calmUntilNanos;
    }

    /** What comes after {@link #calmUntilNanos}; null if it is over then. */
    public @Nullable Ends ends() {
        return ends;
    }

    /** Until when it may be of use on this node. */
    public long usefulUntilNanos() {
        return ends == null ? calmUntilNanos : ends.copy();
    }

    /** Where this node has it from. */
    public From from() {
        return from;
    }

    /** Whether it is of no use on this node any more. */
    public boolean isOver(long nowNanos) {
        return nowNanos - usefulUntilNanos() >= 0;
    }

    /** Whether it may be answered without asking anybody. */
    public boolean answersAt(long nowNanos) {
        return nowNanos - calmUntilNanos < 0 && isSoundAt(nowNanos);
    }

    /** Whether nothing but its age may keep it from being answered: no change can have been missed. */
    public boolean isSoundAt(long nowNanos) {
        return epoch.answersAt(nowNanos) && (watches == null || stands());
    }

    /** Which generations it belongs to by the remote tier's numbers, or null if that is not known. */
    public @Nullable Mark mark() {
        return mark;
    }

    /**
     * What it counts in a tier that weighs: in how many bytes its value was encoded, unless the tier has another
     * measure.
     */
    public int weight() {
        return weight;
    }

    /** The same content of another weight. */
    public Entry<V> weighing(int other) {
        return copy(life(), from, epoch, other);
    }

    /** Whether it has tags. */
    public boolean isTagged() {
        return watches != null;
    }

    /** The watches of its tags. */
    public List<TagWatch> watches() {
        return watches == null ? List.of() : watches;
    }

    /** Whether none of its tags has been invalidated here since it came. */
    public boolean stands() {
        if (watches != null) {
            for (TagWatch watch : watches) {
                if (!watch.stands()) {
                    return false;
                }
            }
        }
        return true;
    }

    private Scope scope() {
        return new Scope(mark, watches());
    }

    /** How long it lives here. */
    public Life life() {
        return new Life(calmUntilNanos, ends);
    }

    /** The same content, which the remote tier was not there to confirm. */
    public Entry<V> unchecked() {
        return copy(life(), From.UNCHECKED_MEMORY, epoch, weight);
    }

    /** The same content, which the remote tier has confirmed in {@code checkedIn}, and with the life that it told. */
    public Entry<V> checkedIn(Epoch checkedIn, Life told) {
        return copy(told, From.REMOTE, checkedIn, weight);
    }

    /** The same content, which is not to be loaded anew before the end of a pause. */
    public Entry<V> resting(Ends.Rest pause) {
        return ends == null ? this : copy(new Life(calmUntilNanos, ends.resting(pause)), from, epoch, weight);
    }

    private Entry<V> copy(Life life, From origin, Epoch in, int weighing) {
        return new Entry<>(value, stamp, loadedAtNanos, life, origin, in, scope(), weighing);
    }
}
