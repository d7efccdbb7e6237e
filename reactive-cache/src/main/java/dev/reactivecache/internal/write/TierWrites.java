package dev.reactivecache.internal.write;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.internal.age.Lives;
import dev.reactivecache.internal.change.SharedTier;
import dev.reactivecache.internal.codec.TierCodecs;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.recovery.Repair;
import dev.reactivecache.internal.terms.OwnTerms;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a change of a key needs of the remote tier and of memory. */
public final class TierWrites<K, V> {
    final String cache;
    final OwnTerms<K, V> ownTerms;
    final SharedTier tier;
    final TierCodecs<K, V> codecs;
    final WriteTerms terms;
    final Counters counters;
    final PutOrder order = new PutOrder();
    private final LocalStore<K, V> local;
    private final Lives lives;

    public TierWrites(
            OwnTerms<K, V> ownTerms,
            SharedTier tier,
            TierCodecs<K, V> codecs,
            LocalStore<K, V> local,
            Lives lives,
            WriteTerms terms,
            Counters counters) {
        this.cache = ownTerms.cache();
        this.ownTerms = ownTerms;
        this.tier = tier;
        this.codecs = codecs;
        this.local = local;
        this.lives = lives;
        this.terms = terms;
        this.counters = counters;
    }

    /** The invalidation that a change of this key is, or that is sent in its place. */
    Repair repair(K key, String text) {
        return tier.repairs().ofKey(text, () -> local.drop(key));
    }

    /** What is to be stored of a written value, or null to leave the key absent. */
    @Nullable
    NewValue encodeOrLeaveAbsent(K key, V value, EntryOptions given, @Nullable Mark mark) {
        EntryOptions options = ownTerms.ofWritten(key, value, given);
        if (options == null
                || !tier.rules().usesTier()
                || mark == null
                || tier.repairs().isEndPending(options.tags())) {
            return null;
        }
        return codecs.encode(value) // if it cannot be written, the source has it all the same
                .map(payload -> newValue(payload, options, mark))
                .orElse(null);
    }

    NewValue newValue(byte[] payload, EntryOptions options, Mark mark) {
        return new NewValue(
                payload,
                lives.ttl(false, options),
                lives.windows(false, options),
                Duration.ZERO,
                mark.tagged(options.tags()));
    }
}
