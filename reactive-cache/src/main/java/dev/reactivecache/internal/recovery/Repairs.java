package dev.reactivecache.internal.recovery;

import dev.reactivecache.RecoveryHealth;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.RemoteRegion;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a cache sends again until the remote tier acknowledges it: invalidations of keys, of tags, and of the whole
 * cache. When there are more than can be kept, one of the whole cache stands for all of them.
 */
public final class Repairs {
    /** How the whole cache is spelt among tags, and what stands before a tag. */
    private static final String WHOLE = "*";

    private static final String TAG = "#";

    private final String cache;
    private final Recovery keys;
    private final Recovery ends;
    private final Consumer<String> dropKey;
    private final Consumer<@Nullable String> dropTag;

    /**
     * @param capacity of how many keys, and of how many tags, invalidations are kept
     * @param dropKey drops this node's own copy of the key that the remote tier spells so
     * @param dropTag drops this node's own copies with a tag, or all, if null
     */
    public Repairs(
            String cache,
            int capacity,
            TimeSource timer,
            Consumer<String> dropKey,
            Consumer<@Nullable String> dropTag) {
        this.cache = cache;
        this.dropKey = dropKey;
        this.dropTag = dropTag;
        this.ends = new Recovery(cache, capacity, timer, what -> dropTag.accept(tagOf(what)));
        this.keys = new Recovery(cache, capacity, timer, dropKey);
        ends.overflowInto(this::keepClear);
        keys.overflowInto(this::keepClear);
    }

    /** Says where repairs are sent. Called once, before anything is kept. */
    public void sendTo(RemoteRegion region) {
        keys.sendBy(region::invalidate);
        ends.sendBy(what -> region.endGeneration(tagOf(what)));
    }

    /**
     * The invalidation of a key that the remote tier spells {@code text}; {@code drop} drops this node's own copy of
     * it.
     */
    public Repair ofKey(String text, Runnable drop) {
        return new Repair(cache, keys, text, drop, () -> "the invalidation of key " + text);
    }

    /** The same of a key of which only its text is known. */
    public Repair ofKey(String text) {
        return ofKey(text, () -> dropKey.accept(text));
    }

    /** The invalidation of a tag, or of the whole cache, if null. */
    public Repair ofTag(@Nullable String tag) {
        return new Repair(
                cache,
                ends,
                spelt(tag),
                () -> dropTag.accept(tag),
                () -> tag == null ? "the clear" : "the invalidation of tag " + tag);
    }

    /** Whether the remote tier may have something of this key that an invalidation of it was to void. */
    public boolean isKeyPending(String text) {
        return keys.isPending(text);
    }

    /** Whether nothing that the remote tier has may be believed: a clear is still to be acknowledged. */
    public boolean isClearPending() {
        return ends.isPending(WHOLE);
    }

    /** Whether the clear, or the invalidation of one of these tags, is still to be acknowledged. */
    public boolean isEndPending(List<String> tags) {
        if (isClearPending()) {
            return true;
        }
        for (String tag : tags) {
            if (ends.isPending(spelt(tag))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Sends what is pending at once: the tier works again.
     *
     * @param mayHaveLost whether it may have lost what it acknowledged lately, which is then sent again, too
     */
    public void tierBack(boolean mayHaveLost) {
        ends.tierBack(mayHaveLost);
        keys.tierBack(mayHaveLost);
    }

    private void keepClear() {
        ends.keepAnyway(WHOLE);
        dropTag.accept(null);
    }

    private static String spelt(@Nullable String tag) {
        return tag == null ? WHOLE : TAG + tag;
    }

    private static @Nullable String tagOf(String spelt) {
        return spelt.equals(WHOLE) ? null : spelt.substring(TAG.length());
    }

    public RecoveryHealth health() {
        RecoveryHealth ofKeys = keys.health();
        boolean whole = isClearPending();
        return new RecoveryHealth(
                ofKeys.pending(),
                longer(ofKeys.oldest(), ends.health().oldest()),
                ofKeys.full(),
                Math.max(0, ends.pending() - (whole ? 1 : 0)),
                whole);
    }

    private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Stream.of(one, other).max(Duration::compareTo).get();
    }

    public long recovered() {
        return keys.recovered() + ends.recovered();
    }

    public long lost() {
        return keys.lost() + ends.lost();
    }

    /** Sends all once more, as {@link Recovery#close} does. */
    public Mono<Void> close() {
        return Mono.when(keys.close(), ends.close());
    }
}
