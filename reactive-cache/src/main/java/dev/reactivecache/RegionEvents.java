package dev.reactivecache;

import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.recovery.Recovery;
import dev.reactivecache.remote.RegionListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Applies what a remote tier tells of its changes: memory first, subscribers after. */
final class RegionEvents<K> implements RegionListener {
    private final KeyCodec<K> keys;
    private final LocalStore<K, ?> local;
    private final InvalidationHub<K> hub;
    private final Recovery recovery;
    private final Counters counters;
    private final Wakeups wakeups;
    private final Consumer<@Nullable String> ended;
    private final Runnable forgetGenerations;
    private final Recovery ends;

    RegionEvents(
            KeyCodec<K> keys,
            LocalStore<K, ?> local,
            InvalidationHub<K> hub,
            Recovery recovery,
            Counters counters,
            Wakeups wakeups,
            Consumer<@Nullable String> ended,
            Runnable forgetGenerations,
            Recovery ends) {
        this.keys = keys;
        this.local = local;
        this.hub = hub;
        this.recovery = recovery;
        this.counters = counters;
        this.wakeups = wakeups;
        this.ended = ended;
        this.forgetGenerations = forgetGenerations;
        this.ends = ends;
    }

    @Override
    public void onOwnChange(String text, long token, long stamp) {
        K key = decoded(text);
        if (key != null) {
            local.dropOthers(key, token, stamp);
            wakeups.wake(text);
            tell(key, Cause.INVALIDATED);
        }
    }

    @Override
    public void onChange(String text, Change change) {
        K key = decoded(text);
        if (key == null) {
            return;
        }
        local.drop(key);
        wakeups.wake(text);
        Cause cause = causeOf(change);
        if (cause == null) {
            return;
        }
        counters.invalidations.increment();
        tell(key, cause);
    }

    /** The key with this text, or null if there is none: then nothing here stands for it. */
    private @Nullable K decoded(String text) {
        try {
            return keys.decode(text);
        } catch (RuntimeException notOurs) {
            counters.unreadable.increment();
            return null;
        }
    }

    private void tell(K key, Cause cause) {
        if (hub.hasReaders()) {
            hub.publish(new KeyInvalidated<>(key, cause));
        }
    }

    @Override
    public void onGenerationEnd(@Nullable String tag, boolean asked) {
        if (!asked) {
            forgetGenerations.run();
            return;
        }
        ended.accept(tag);
        counters.invalidations.increment();
        hub.publishEnd(tag);
    }

    @Override
    public void onGap(String reason) {
        counters.gap(reason);
        wakeups.wakeAll();
        hub.publish(new Gap<>(reason));
    }

    @Override
    public void onTierBack(boolean mayHaveLost) {
        ends.tierBack(mayHaveLost);
        recovery.tierBack(mayHaveLost);
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
