package dev.reactivecache.redis;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Invalidation;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** One node of a fleet: a tier of its own, one cache, a count of its loads, and what its invalidation stream said. */
final class Node implements AutoCloseable {
    /** How nodes hear of changes, unless one is given. */
    static ChangeSource source = ChangeSource.EVENTS;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(3);

    private static final Duration STALENESS_BOUND = Duration.ofSeconds(4);

    final RedisTier tier;
    final ReactiveCache<String, String> cache;
    final AtomicInteger loads = new AtomicInteger();
    final List<Invalidation<String>> told = new CopyOnWriteArrayList<>();

    private Node(RedisTier tier, ReactiveCache<String, String> cache) {
        this.tier = tier;
        this.cache = cache;
        cache.invalidations().subscribe(told::add);
    }

    /** A node whose stream of changes is live. */
    static Node live(String uri, String name) {
        return live(uri, name, builder -> builder);
    }

    static Node live(String uri, String name, UnaryOperator<ReactiveCacheBuilder<String, String>> settings) {
        return of(uri, name, tier -> tier, settings).ready();
    }

    /** A node that has only begun to connect. */
    static Node of(
            String uri,
            String name,
            UnaryOperator<RedisTierBuilder> tierSettings,
            UnaryOperator<ReactiveCacheBuilder<String, String>> settings) {
        return on(
                tierSettings
                        .apply(patient(RedisTier.builder(uri))
                                .notifications(NotificationSetup.ADD_MISSING)
                                .changes(source))
                        .connect(),
                name,
                settings);
    }

    /**
     * Limits longer than a slow machine stands still, so that only what a test does to Redis keeps it from answering.
     */
    static RedisTierBuilder patient(RedisTierBuilder tier) {
        return tier.readTimeout(READ_TIMEOUT).writeTimeout(WRITE_TIMEOUT).stalenessBound(STALENESS_BOUND);
    }

    /** A node on a tier that is there already, and is closed with it. */
    static Node on(RedisTier tier, String name, UnaryOperator<ReactiveCacheBuilder<String, String>> settings) {
        return new Node(
                tier,
                settings.apply(ReactiveCache.<String, String>builder(name)
                                .key(TestCodecs.KEYS)
                                .value(TestCodecs.VALUES)
                                .remote(tier))
                        .build());
    }

    Node ready() {
        tier.ready().block(Await.LIMIT);
        return this;
    }

    /** A source that has a value, and counts how often it is asked. */
    Mono<String> source(String value) {
        return Mono.fromSupplier(() -> {
            loads.incrementAndGet();
            return value;
        });
    }

    /** Reads; {@code value} is what the source would now say. */
    String read(String key, String value) {
        return cache.getOrFetch(key, source(value)).block(Await.LIMIT);
    }

    Cached<String> look(String key, String value) {
        return cache.lookup(key, k -> source(value)).block(Await.LIMIT);
    }

    Origin originOf(String key, String value) {
        return look(key, value).origin();
    }

    /** Reads until the answer comes from memory. */
    Node warm(String key, String value) {
        Await.until(key + " is in memory", () -> originOf(key, value) == Origin.LOCAL);
        return this;
    }

    /** Reads until a value is answered; the source has that value. */
    void awaitValue(String key, String value) {
        Await.until(key + " is answered with " + value, () -> value.equals(read(key, value)));
    }

    static <T> T get(Mono<T> mono) {
        return mono.block(Await.LIMIT);
    }

    /** Waits until this node has heard of everything that Redis did before now. */
    void awaitStreamCaughtUp() {
        long before = System.nanoTime();
        Await.until("the stream has answered", () -> {
            Duration silence = tier.health().silence();
            return silence != null && System.nanoTime() - silence.toNanos() - before > 0;
        });
    }

    /**
     * Waits until a subscriber has heard: the stream answers on a thread of its own, after the invalidation took
     * effect.
     */
    void awaitTold(Invalidation<String> event) {
        Await.until("heard of " + event, () -> told.contains(event));
    }

    @Override
    public void close() {
        cache.close().block(Await.LIMIT);
        tier.close().block(Await.LIMIT);
    }
}
