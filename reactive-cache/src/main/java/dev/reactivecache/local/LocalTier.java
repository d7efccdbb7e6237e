package dev.reactivecache.local;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.policy.Checks;
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
    private final boolean encodedSize;
    private final @Nullable Duration ttl;

    private LocalTier(
            long maximum,
            @Nullable ToIntBiFunction<? super K, ? super V> weigher,
            boolean encodedSize,
            @Nullable Duration ttl) {
        this.maximum = maximum;
        this.weigher = weigher;
        this.encodedSize = encodedSize;
        this.ttl = ttl;
    }

    /**
     * At most this many entries; beyond it the least useful ones are evicted (W-TinyLFU, as Caffeine does it).
     *
     * @throws IllegalArgumentException if {@code entries} is not above zero
     */
    public static <K, V> LocalTier<K, V> maximumSize(long entries) {
        return new LocalTier<>(Checks.positive("maximumSize", entries), null, false, null);
    }

    /**
     * Entries of at most this weight together. The weigher is called once for each value that is stored, must be quick,
     * and must not return less than zero; the knowledge that a value is absent weighs one.
     *
     * @throws IllegalArgumentException if {@code weight} is not above zero
     */
    public static <K, V> LocalTier<K, V> maximumWeight(long weight, ToIntBiFunction<? super K, ? super V> weigher) {
        return new LocalTier<>(
                Checks.positive("maximumWeight", weight), requireNonNull(weigher, "weigher"), false, null);
    }

    /**
     * Values of at most this many bytes together, as the cache's value codec encodes them, which is then needed also
     * without a remote tier. Objects usually take more memory than their bytes, and each entry some 200 bytes beside
     * its key and value. A value that comes from the remote tier, or was stored there, has been encoded anyway; another
     * one is measured by {@link dev.reactivecache.codec.ValueCodec#encodedSize}, and not kept if that fails. The
     * knowledge that a value is absent counts one byte.
     *
     * @throws IllegalArgumentException if {@code bytes} is not above zero
     */
    public static <K, V> LocalTier<K, V> maximumEncodedSize(long bytes) {
        return new LocalTier<>(Checks.positive("maximumEncodedSize", bytes), null, true, null);
    }

    /**
     * The longest that this node keeps a copy. Default: 30 seconds, or the cache's ttl if that is shorter; without a
     * remote tier, the cache's ttl. The cache's jitter applies.
     *
     * @throws IllegalArgumentException if {@code ttl} is below a millisecond or above 1,000 days
     */
    public LocalTier<K, V> withTtl(Duration ttl) {
        return new LocalTier<>(maximum, weigher, encodedSize, Checks.ttl("local ttl", ttl));
    }

    /** The bound: entries, weight, or bytes. */
    public long maximum() {
        return maximum;
    }

    /** What weighs values, or null if there is no such thing. */
    public @Nullable ToIntBiFunction<? super K, ? super V> weigher() {
        return weigher;
    }

    /** Whether values count by a weight, and not each for one. */
    public boolean isWeighed() {
        return weigher != null || encodedSize;
    }

    /** Whether values count as many as their encoded bytes. */
    public boolean measuresEncodedSize() {
        return encodedSize;
    }

    /** The longest that a copy is kept, or null for the default. */
    public @Nullable Duration ttl() {
        return ttl;
    }

    @Override
    public String toString() {
        String bound = encodedSize ? "maximumEncodedSize=" : weigher == null ? "maximumSize=" : "maximumWeight=";
        return "LocalTier[" + bound + maximum + ", ttl=" + ttl + "]";
    }
}
