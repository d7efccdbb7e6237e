package dev.reactivecache.internal.change;

import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.internal.codec.TierCodecs;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.flight.KeyWaiters;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.recovery.Repairs;
import dev.reactivecache.remote.RegionListener;
import org.jspecify.annotations.Nullable;

/** Applies the changes that a remote tier reports: memory first, subscribers after. */
public final class RegionEvents<K> implements RegionListener {
    private final TierCodecs<K, ?> codecs;
    private final LocalStore<K, ?> local;
    private final InvalidationHub<K> hub;
    private final Counters counters;
    private final KeyWaiters waiters;
    private final Generations generations;
    private final Repairs repairs;

    public RegionEvents(
            TierCodecs<K, ?> codecs,
            LocalStore<K, ?> local,
            InvalidationHub<K> hub,
            Counters counters,
            KeyWaiters waiters,
            Generations generations,
            Repairs repairs) {
        this.codecs = codecs;
        this.local = local;
        this.hub = hub;
        this.counters = counters;
        this.waiters = waiters;
        this.generations = generations;
        this.repairs = repairs;
    }

    @Override
    public void onOwnChange(String text, long token, long stamp) {
        K key = codecs.key(text);
        if (key != null) {
            local.dropOthers(key, token, stamp);
            waiters.wake(text);
            tell(key, Cause.INVALIDATED);
        }
    }

    @Override
    public void onChange(String text, Change change) {
        K key = codecs.key(text);
        if (key == null) {
            return;
        }
        local.drop(key);
        waiters.wake(text);
        Cause cause = causeOf(change);
        if (cause == null) {
            return;
        }
        counters.invalidations.increment();
        tell(key, cause);
    }

    @Override
    public void onLoadEnd(String text) {
        waiters.wake(text);
    }

    private void tell(K key, Cause cause) {
        if (hub.hasReaders()) {
            hub.publish(new KeyInvalidated<>(key, cause));
        }
    }

    @Override
    public void onGenerationEnd(@Nullable String tag, boolean asked) {
        if (!asked) {
            generations.forget();
            return;
        }
        generations.ended(tag);
        counters.invalidations.increment();
        hub.publishEnd(tag);
    }

    @Override
    public void onGap(String reason) {
        counters.gap(reason);
        waiters.wakeAll();
        hub.publish(new Gap<>(reason));
    }

    @Override
    public void onTierBack(boolean mayHaveLost) {
        repairs.tierBack(mayHaveLost);
    }

    /** Null if nothing that a subscriber may have is wrong. */
    private static @Nullable Cause causeOf(Change change) {
        return switch (change) {
            case DELETED -> Cause.INVALIDATED;
            case REPLACED -> Cause.REPLACED;
            case FILLED -> null;
            case EXPIRED -> Cause.EXPIRED;
            case EVICTED -> Cause.EVICTED;
        };
    }
}
