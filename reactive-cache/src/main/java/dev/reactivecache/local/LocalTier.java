package dev.reactivecache.local;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.policy.Checks;
import java.time.Duration;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How much this node keeps in memory, and for how long. Immutable; each {@code with} method returns another one.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LocalTier<K, V> {
    private final long maximum;
    private final @Nullable ToIntBiFunction<? super K, ? super V> weigher;
    private final @Nullable Duration ttl;

    private LocalTier(long maximum, @Nullable ToIntBiFunction<? super K, ? super V> weigher, @Nullable Duration ttl) {
        this.maximum = maximum;
        this.weigher = weigher;
        this.ttl = ttl;
    }

    /**
     * At most this many entries; beyond it the least useful ones are evicted (W-TinyLFU, as Caffeine does it).
     *
     * @throws IllegalArgumentException if {@code entries} is not above zero
     */
    public static <K, V> LocalTier<K, V> maximumSize(long entries) {
        return new LocalTier<>(Checks.positive("maximumSize", entries), null, null);
    }

    /**
     * Entries of at most this weight together. The weigher is called once for each value that is stored, must be quick,
     * and must not return less than zero; the knowledge that a value is absent weighs one.
     *
     * @throws IllegalArgumentException if {@code weight} is not above zero
     */
    public static <K, V> LocalTier<K, V> maximumWeight(long weight, ToIntBiFunction<? super K, ? super V> weigher) {
        return new LocalTier<>(Checks.positive("maximumWeight", weight), requireNonNull(weigher, "weigher"), null);
    }

    /**
     * The longest that this node keeps a copy. Default: 30 seconds, or the cache's ttl if that is shorter; without a
     * remote tier, the cache's ttl. The cache's jitter applies.
     *
     * @throws IllegalArgumentException if {@code ttl} is below a millisecond or above 1,000 days
     */
    public LocalTier<K, V> withTtl(Duration ttl) {
        return new LocalTier<>(maximum, weigher, Checks.ttl("local ttl", ttl));
    }

    /** The bound, in entries or in weight. */
    public long maximum() {
        return maximum;
    }

    /** What weighs values, or null if each entry counts one. */
    public @Nullable ToIntBiFunction<? super K, ? super V> weigher() {
        return weigher;
    }

    /** The longest that a copy is kept, or null for the default. */
    public @Nullable Duration ttl() {
        return ttl;
    }

    @Override
    public String toString() {
        return "LocalTier[" + (weigher == null ? "maximumSize=" : "maximumWeight=") + maximum + ", ttl=" + ttl + "]";
    }
}
