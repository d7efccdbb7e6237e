package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.observe.CacheObserver;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A non-blocking cache whose every answer is a {@link Mono}: a local tier, and optionally a remote tier that it shares
 * with other nodes.
 *
 * <p>Every {@code Mono} here is lazy: nothing is looked up, loaded or sent before it is subscribed to, and each
 * subscription starts anew. Callers of one missing key share one load ({@linkplain #getOrFetch(Object) single flight}).
 * After an invalidation has completed, no later read on this node returns a value whose load began before it.
 *
 * <p><b>Failures.</b> An error of the loader reaches every caller of that load as it is, and is never cached. A failure
 * of the remote tier, or bytes in it that cannot be read, never fail a read: they count as a miss. Operations that
 * change the cache ({@code put}, {@code invalidate}, write-through) error when the remote tier does not acknowledge
 * them. By then the local tier has dropped the key, and its invalidation is kept: it is sent again until it is
 * acknowledged, and until then this node answers the key neither from memory nor from the remote tier, but loads it. So
 * such an error says that other nodes may not know yet, not that somebody has to repeat the call.
 *
 * <p><b>Threads.</b> A local hit is emitted on the subscribing thread. Anything else is emitted on the thread that
 * completed it: the loader's, the remote tier's, or the timer's after a timeout. Nothing here blocks, and nothing may
 * block in a loader.
 *
 * <p>Instances are safe for use by any number of threads.
 *
 * @param <K> the type of keys, with {@code equals} and {@code hashCode}
 * @param <V> the type of values; they are shared between callers and should be immutable
 */
public interface ReactiveCache<K, V> {

    /**
     * Begins a cache of the given name. The name is part of every key in the remote tier: caches of one name on several
     * nodes are one cache.
     *
     * @throws IllegalArgumentException if the name does not match {@code [A-Za-z0-9._-]{1,64}}
     */
    static <K, V> ReactiveCacheBuilder<K, V> builder(String name) {
        return new ReactiveCacheBuilder<>(name);
    }

    /** The name given to {@link #builder(String)}. */
    String name();

    /**
     * Reads without ever loading: from the local tier, else from the remote tier, which then also fills the local one.
     * Empty on a miss, for a key that is known to be absent, and when the remote tier fails. Does not wait for a load
     * that other callers started. A value within {@link ReactiveCacheBuilder#staleWhileRevalidate} is emitted, and is
     * then loaded anew by the builder's loader, if there is one.
     */
    Mono<V> get(K key);

    /**
     * Reads, and on a miss loads with the loader of {@link ReactiveCacheBuilder#loader}. See
     * {@link #getOrFetch(Object, Function)}.
     *
     * @throws IllegalStateException if the cache was built without a loader
     */
    Mono<V> getOrFetch(K key);

    /**
     * Reads, and on a miss loads with the given loader.
     *
     * <p>Concurrent callers of one missing key share one load, and its value or its one error. The loader of the caller
     * that came first is used, and sees that caller's Reactor Context (choose otherwise with
     * {@link ReactiveCacheBuilder#loaderContext}). Empty if the loader completes empty; that is remembered only with
     * {@link ReactiveCacheBuilder#absentTtl}.
     *
     * <p>Cancelling never affects other callers. When the last caller of a load cancels, the load is cancelled and
     * nothing is stored, unless {@link ReactiveCacheBuilder#onAbandon} says otherwise.
     *
     * <p>Errors with the loader's own error, unchanged; with {@link LoadTimeoutException} when the loader took longer
     * than {@link ReactiveCacheBuilder#loadTimeout}, after cancelling it; with {@link RecursiveLoadException} when the
     * loader, directly or through other loads, waits for its own key; with {@link NullPointerException} when it
     * returned null instead of a {@code Mono}.
     */
    Mono<V> getOrFetch(K key, Function<? super K, ? extends Mono<? extends V>> loader);

    /** Reads, and on a miss subscribes to {@code source}. As {@link #getOrFetch(Object, Function)}. */
    Mono<V> getOrFetch(K key, Mono<? extends V> source);

    /**
     * Reads, and on a miss loads with a loader that says how its value is to be stored: with tags, with a time to live
     * of its own, or not at all. As {@link #getOrFetch(Object, Function)} in all else.
     */
    Mono<V> getOrFetchLoaded(K key, Function<? super K, ? extends Mono<Loaded<V>>> loader);

    /**
     * Reads and loads as {@link #getOrFetch(Object, Function)}, and tells where the answer came from and how old it is.
     * Emits exactly one element, also when there is no value.
     */
    Mono<Cached<V>> lookup(K key, Function<? super K, ? extends Mono<? extends V>> loader);

    /** As {@link #lookup(Object, Function)}, with a loader as of {@link #getOrFetchLoaded}. */
    Mono<Cached<V>> lookupLoaded(K key, Function<? super K, ? extends Mono<Loaded<V>>> loader);

    /** Reads and loads with the loader of the builder, and tells where the answer came from. */
    Mono<Cached<V>> lookup(K key);

    /**
     * Reads as {@link #get}, without anything being loaded because of it, and tells where the answer came from and how
     * old it is. Emits an element also for a key that is known to be absent; empty on a miss, and when the remote tier
     * fails.
     */
    Mono<Cached<V>> peek(K key);

    /**
     * Loads a key anew with the loader of {@link ReactiveCacheBuilder#loader}, whatever the age of what is cached, and
     * emits what that brings; empty if the source has no value. Until then others are answered with what is there. As
     * with every load, its value is kept nowhere if the key is invalidated meanwhile: use {@link #invalidate} instead
     * where the old value must not be answered any more.
     *
     * <p>Where nothing is cached, or the key is being loaded already, here or on another node, this is
     * {@link #getOrFetch(Object)}. Errors as that does. Cancelling does not cancel the load.
     *
     * @throws IllegalStateException if the cache was built without a loader
     */
    Mono<V> refresh(K key);

    /**
     * Reads many keys without ever loading: as {@link #get} of each, with one question to the remote tier for all that
     * it can answer together. Emits one map of the keys that have a value, in the order in which the collection gives
     * the keys; a key that it gives twice is read once. Unmodifiable.
     *
     * @throws NullPointerException if a key is null; the collection is read at once, and not looked at later
     */
    Mono<Map<K, V>> getAll(Collection<? extends K> keys);

    /**
     * Reads many keys, and loads the missing ones with the loader of {@link ReactiveCacheBuilder#bulkLoader}, or else
     * each with that of {@link ReactiveCacheBuilder#loader}. As {@link #getOrFetchAll(Collection, Function)}.
     *
     * @throws IllegalStateException if the cache was built without either
     */
    Mono<Map<K, V>> getOrFetchAll(Collection<? extends K> keys);

    /**
     * Reads many keys, and loads the missing ones together. As
     * {@link #getOrFetchAll(Collection, Function, BulkOptions)} with {@link BulkOptions#defaults()}.
     */
    Mono<Map<K, V>> getOrFetchAll(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader);

    /**
     * Reads many keys, and loads the missing ones together: the loader is called once, with all keys that no tier has
     * and nobody loads yet; with more than {@link BulkOptions#loadSize()} of these, several times at once. Nobody waits
     * for a load of others to be over before it is called. A key whose load by others comes to nothing is loaded later.
     *
     * <p>Emits one map of the keys that have a value, in the order in which the collection gives the keys; a key that
     * it gives twice is read once. Unmodifiable. A key that the loader's map lacks is absent, which is remembered only
     * with {@link ReactiveCacheBuilder#absentTtl}; other keys in that map are passed over. A loader that completes
     * empty says that all are absent.
     *
     * <p>Each key is read as by {@link #getOrFetch(Object, Function)}, on the same flight: single reads and other bulk
     * reads of a key share its load, and an invalidation voids the loads of the keys that it is about, and of no
     * others. Statistics count by key.
     *
     * <p>If keys fail, the others are waited for; then errors with {@link BulkReadException}, which has the values of
     * those that did not fail, and the failures. {@link #getOrFetchEach} reports each key instead. A loader that
     * fails, or takes longer than {@link ReactiveCacheBuilder#loadTimeout}, fails the keys that it was called for.
     *
     * <p>Cancelling leaves each key's flight: loads that others have joined go on for them, and a call of the loader is
     * cancelled when nobody waits for any of its keys.
     *
     * @throws NullPointerException if a key is null; the collection is read at once, and not looked at later
     */
    Mono<Map<K, V>> getOrFetchAll(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader,
            BulkOptions options);

    /**
     * Reads a stream of keys, {@link BulkOptions#readSize()} at a time, as
     * {@link #getOrFetchAll(Collection, Function, BulkOptions)} does. Emits one {@link BulkAnswer} for each key, in the
     * order of the keys, and again for a key that comes again; a key that fails does not end it.
     *
     * <p>Takes no more keys than are asked for, but for the step that is being read and the next one. A step begins
     * when it is full, or the keys have ended. Errors if the publisher of keys does.
     */
    Flux<BulkAnswer<K, V>> getOrFetchEach(
            Publisher<? extends K> keys,
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader,
            BulkOptions options);

    /**
     * Reads keys before anybody asks for them, with the loader of {@link ReactiveCacheBuilder#bulkLoader} or else of
     * {@link ReactiveCacheBuilder#loader}, in steps that begin no faster, and of which no more are under way at once,
     * than the options say. What the cache has already is not loaded again. Emits one report at the end; keys that fail
     * are counted in it and do not end it. Errors if the publisher of keys does. Cancelling stops it; what it has read
     * stays.
     *
     * @throws IllegalStateException if the cache was built without a loader
     */
    Mono<WarmReport> warm(Publisher<? extends K> keys, WarmOptions options);

    /**
     * Stores a value with the cache's own time to live. Completes when the remote tier, or the local one if there is
     * none, has it; then no later read returns an older value. Where a
     * {@linkplain #writeThrough(Object, Mono) write-through} of the same key is under way the value is not stored: the
     * key is then left absent.
     *
     * <p>Changes of a key by one node count in the order in which they are subscribed to. A value that has not been
     * acknowledged when this node changes the key again, or invalidates it by a tag, a prefix or with all others, does
     * not stay.
     *
     * <p>The value is encoded on subscription; errors with {@link dev.reactivecache.codec.CodecException} if it cannot
     * be, and with {@link dev.reactivecache.remote.RemoteTierException} if the remote tier does not acknowledge; the
     * key's invalidation is then kept, as it is when the subscriber cancels before that. A value that is on its way
     * when the subscriber cancels may yet be stored, before that invalidation, until the tier's write timeout would
     * have passed.
     */
    Mono<Void> put(K key, V value);

    /** Stores a value with options of its own. As {@link #put(Object, Object)}. */
    Mono<Void> put(K key, V value, EntryOptions options);

    /**
     * Stores each of the values, as {@link #put(Object, Object)} does; not atomic over keys. Some are sent before
     * others, but all count as subscribed to at once. Errors, after all were tried, with the first failure, to which
     * the others are added as suppressed.
     *
     * @throws NullPointerException if a key or a value is null; the map is read at once, and not looked at later
     */
    Mono<Void> putAll(Map<? extends K, ? extends V> values);

    /**
     * Writes to the source, then to the cache. Emits what {@code write} emits; that value is what the cache then holds.
     *
     * <p>While the write is under way, fills of this key are refused on every node. After completion no read returns a
     * value from before the write, whatever other writers, readers and pauses overlap with it. Overlapping writers
     * leave the key absent, never with the older of their values. A write that completes empty leaves the key absent.
     *
     * <p>Errors with {@link dev.reactivecache.remote.RemoteTierException}, which names the key, before the write is
     * subscribed to if the remote tier cannot be told of it, unless the cache was built with
     * {@link OnUnreachable#WRITE_AND_RECOVER}; with the write's own error, after which the key is absent; or, after a
     * successful write, with {@link UncertainWriteException} if the remote tier did not acknowledge the end of it.
     * Cancelling cancels the write and leaves the key absent. Whenever the write may have reached the source and the
     * remote tier does not acknowledge its end, the key's invalidation is kept.
     */
    Mono<V> writeThrough(K key, Mono<? extends V> write);

    /** Writes, and stores the value with options of its own. As {@link #writeThrough(Object, Mono)}. */
    Mono<V> writeThrough(K key, Mono<? extends V> write, EntryOptions options);

    /**
     * Deletes in the source, then in the cache. Completes empty when both are done; as
     * {@link #writeThrough(Object, Mono)} in all else.
     */
    Mono<Void> deleteThrough(K key, Mono<?> delete);

    /**
     * Drops a key from every tier and every node, and voids the loads of it that are under way anywhere. Callers that
     * joined such a load still get its value; it is stored nowhere. Call it after the change to the source is
     * committed.
     *
     * <p>Completes when the remote tier has acknowledged. Errors with
     * {@link dev.reactivecache.remote.RemoteTierException} if it did not; the invalidation is then kept. With
     * {@link ReactiveCacheBuilder#recoveryCapacity} others it becomes a kept {@link #clear}. Cancelling before the
     * acknowledgement keeps it, too.
     */
    Mono<Void> invalidate(K key);

    /**
     * As {@link #invalidate(Object)}, and waits for more if asked to; tells how far the invalidation has got. Errors as
     * {@link #invalidate(Object)} does, and for no other reason: once the remote tier has acknowledged, nodes that do
     * not answer show in the receipt. Without a remote tier there is one node.
     */
    Mono<InvalidationReceipt> invalidate(K key, Awaiting awaiting);

    /**
     * Invalidates each of the keys. Not atomic over keys. Errors, after all were tried, with the first failure, to
     * which the others are added as suppressed.
     */
    Mono<Void> invalidateAll(Collection<? extends K> keys);

    /**
     * Voids every entry that has this tag, in every tier and on every node, and the loads under way that turn out to
     * have it: after completion no later read on this node returns a value with this tag whose load began before, and
     * no such value is stored to be answered by anybody. Which tags a load has shows at its end, so from now on no
     * caller joins any load of this cache that began before on this node. Costs the same for one entry as for a
     * million.
     *
     * <p>Other nodes' reads follow within the staleness bound, those that ask the remote tier too: which tags are void
     * is known in memory while word of changes arrives. In modes that ask at each read, at once.
     *
     * <p>Completes when the remote tier has acknowledged. Errors with
     * {@link dev.reactivecache.remote.RemoteTierException} if it did not; the invalidation is then kept, as it is when
     * the subscriber cancels before, and until it is acknowledged this node neither answers nor stores entries of this
     * tag.
     *
     * @throws IllegalArgumentException if the tag is not one: see {@link EntryOptions#withTags(Collection)}
     */
    Mono<Void> invalidateTag(String tag);

    /** As {@link #invalidateTag(String)}, with a receipt as that of {@link #invalidate(Object, Awaiting)}. */
    Mono<InvalidationReceipt> invalidateTag(String tag, Awaiting awaiting);

    /**
     * Voids every entry of this cache, as {@link #invalidateTag} does those of one tag. What is in the remote tier is
     * not deleted: it is a miss for every node, is overwritten when it is loaded again, and expires when it would have.
     */
    Mono<Void> clear();

    /** As {@link #clear()}, with a receipt as that of {@link #invalidate(Object, Awaiting)}. */
    Mono<InvalidationReceipt> clear(Awaiting awaiting);

    /**
     * Invalidates every key whose text, as the {@link ReactiveCacheBuilder#key key codec} encodes it, begins with a
     * prefix: those that the remote tier has, or is told are being loaded, when this is subscribed to. Emits how many
     * keys were invalidated; one that was found twice may be counted twice. Asks the remote tier in small steps, for as
     * long as that takes; a tag costs one step.
     *
     * <p>Errors with {@link dev.reactivecache.remote.RemoteTierException} if not all keys were found, or reached. There
     * is one such error, at the end, and it says how many keys were invalidated: those that were not reached are kept,
     * for those that were not found call it again. Cancelling stops it where it is.
     *
     * @throws IllegalArgumentException if the prefix is empty: that is {@link #clear()}
     * @throws IllegalStateException if the cache was built without a key codec
     */
    Mono<Long> invalidatePrefix(String prefix);

    /**
     * As {@link #invalidatePrefix}; emits zero, then after each few hundred keys how many it were so far, and last all.
     */
    Flux<Long> invalidatingPrefix(String prefix);

    /**
     * What left or changed in the cache from now on: hot, and never ending before the cache is closed.
     *
     * <p>With a remote tier these are the changes that its invalidation stream reports, whoever made them, each after
     * this node's own copy is gone. Without one they are this node's own {@code invalidate}, {@code put} and
     * write-through calls.
     *
     * <p>A subscriber that does not keep up loses detail, never memory: events of one key that wait are merged into the
     * newest, and beyond {@link ReactiveCacheBuilder#invalidationBuffer} waiting keys all of them are replaced by one
     * {@link Invalidation.Gap}. Emits on {@code Schedulers.boundedElastic()}, one event at a time, so that a subscriber
     * that blocks holds up neither reads nor timeouts; on the timer, if {@link ReactiveCacheBuilder#timer} was given
     * one. A subscriber whose {@code onNext} throws has cancelled by it; others are not concerned.
     */
    Flux<Invalidation<K>> invalidations();

    /**
     * An operator that puts this cache in front of a {@code Mono}:
     * {@code source.transform(cache.readThrough(key))} is {@link #getOrFetch(Object, Mono)}.
     */
    default Function<Mono<V>, Mono<V>> readThrough(K key) {
        requireNonNull(key, "key");
        return source -> getOrFetch(key, source);
    }

    /**
     * An operator that makes a {@code Mono} that writes keep this cache right:
     * {@code repository.save(p).transform(cache.writeThrough(p.id()))} is {@link #writeThrough(Object, Mono)}.
     */
    default Function<Mono<V>, Mono<V>> writeThrough(K key) {
        requireNonNull(key, "key");
        return write -> writeThrough(key, write);
    }

    /** A function that answers from this cache, and asks {@code loader} on a miss. */
    default Function<K, Mono<V>> cached(Function<? super K, ? extends Mono<? extends V>> loader) {
        requireNonNull(loader, "loader");
        return key -> getOrFetch(key, loader);
    }

    /** Counters since this cache was built. */
    CacheStats stats();

    /**
     * Tells an observer what this cache does from now on, until the returned handle is disposed of; as
     * {@link ReactiveCacheBuilder#observer} does from the beginning.
     */
    Disposable observe(CacheObserver observer);

    /** How this cache and its remote tier are at this moment. Never waits, never asks the remote tier. */
    CacheHealth health();

    /**
     * Closes this cache: its local tier is emptied, {@link #invalidations()} completes, its name is free again on the
     * remote tier, and later calls error with {@link IllegalStateException}. Loads under way are not stopped, but for
     * those that nobody waits for, which are cancelled. Invalidations that are kept are sent once more, for two seconds
     * at most; those that are not acknowledged then are lost, and logged and counted as such. The remote tier stays
     * open: it may serve others. Closing again does nothing.
     */
    Mono<Void> close();
}
