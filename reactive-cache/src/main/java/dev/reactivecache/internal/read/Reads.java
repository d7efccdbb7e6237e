package dev.reactivecache.internal.read;

import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.miss.Misses;
import dev.reactivecache.internal.refresh.Refreshes;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.Epoch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What reads of a cache share. */
public final class Reads<K, V> {
    public final Lifecycle life;
    final LocalStore<K, V> local;
    final Misses<K, V> misses;
    final Function<K, Epoch> epochs;
    final LoadSharing sharing;
    public final TimeSource timer;
    final Refreshes<K, V> refreshes;
    final Counters counters;

    public Reads(
            Lifecycle life,
            LocalStore<K, V> local,
            Misses<K, V> misses,
            Function<K, Epoch> epochs,
            LoadSharing sharing,
            Refreshes<K, V> refreshes,
            TimeSource timer,
            Counters counters) {
        this.life = life;
        this.local = local;
        this.misses = misses;
        this.epochs = epochs;
        this.sharing = sharing;
        this.refreshes = refreshes;
        this.timer = timer;
        this.counters = counters;
    }

    /** What memory answers, or null. */
    @Nullable
    Entry<V> hit(K key) {
        Entry<V> entry = local.answer(key);
        if (entry != null) {
            counters.localHits.increment();
        }
        return entry;
    }
}
