package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Origin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** What two nodes that share one Redis promise each other. */
@ExtendWith({RedisServer.Shared.class, NodePair.Live.class})
@Timeout(60)
class TwoNodesIT {
    private final RedisServer redis;
    private final String name;
    private final Node a;
    private final Node b;

    TwoNodesIT(RedisServer redis, NodePair nodes) {
        this.redis = redis;
        this.name = nodes.name();
        this.a = nodes.a();
        this.b = nodes.b();
    }

    @Test
    void thousandConcurrentReadsOfOneColdKeyAreOneLoad() {
        // given a source that takes its time
        Sinks.One<String> reply = Sinks.one();
        AtomicInteger loads = new AtomicInteger();
        Mono<String> source = Mono.defer(() -> {
            loads.incrementAndGet();
            return reply.asMono();
        });

        AtomicInteger asking = new AtomicInteger();
        Mono<String> read = Mono.create(sink -> {
            a.cache.getOrFetch("k", source).subscribe(sink::success, sink::error);
            asking.incrementAndGet();
        });

        // when a thousand ask at once, from many threads, and it answers
        Mono<List<String>> answers = Flux.range(0, 1_000)
                .flatMap(i -> read.subscribeOn(Schedulers.boundedElastic()), 1_000)
                .collectList()
                .cache();
        answers.subscribe();
        Await.until("all thousand are aboard", () -> asking.get() == 1_000 && loads.get() == 1);
        reply.tryEmitValue("v").orThrow();

        // then each has the one answer
        assertThat(Node.get(answers)).hasSize(1_000).containsOnly("v");
        assertThat(loads).as("loads").hasValue(1);
        assertThat(a.cache.stats().coalesced()).isEqualTo(999);
    }

    @Test
    void whatANodeHasLoadedItKeeps() { // although the fill is announced to all
        List<String> keys = IntStream.range(0, 300).mapToObj(i -> "k" + i).toList();
        Flux.fromIterable(keys)
                .flatMap(key -> a.cache.getOrFetch(key, a.source("v")))
                .blockLast(Await.LIMIT);
        a.awaitStreamCaughtUp();

        assertThat(keys)
                .allSatisfy(key -> assertThat(a.originOf(key, "never asked")).isEqualTo(Origin.LOCAL));
        assertThat(a.loads).hasValue(300);
    }

    @Test
    @Tag("smoke")
    void whatOneNodeLoadedTheOtherReadsFromRedis() {
        a.read("k", "v");
        b.awaitStreamCaughtUp(); // a fill is announced, and word of it may come after the value

        assertThat(b.look("k", "other")).satisfies(answer -> {
            assertThat(answer.value()).isEqualTo("v");
            assertThat(answer.origin()).isEqualTo(Origin.REMOTE);
            assertThat(answer.remainingTtl()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
        });
        assertThat(b.originOf("k", "other")).isEqualTo(Origin.LOCAL);
        assertThat(b.loads).hasValue(0);
    }

    @Test
    void invalidationOnOneNodeLeavesTheMemoryOfTheOther() {
        a.warm("k", "v1");
        b.warm("k", "v1");

        Node.get(a.cache.invalidate("k"));

        b.awaitValue("k", "v2");
        assertThat(a.read("k", "v2")).isEqualTo("v2");
        assertThat(a.loads.get() + b.loads.get()).as("loads").isEqualTo(2);
    }

    @Test
    void invalidationOfManyKeysReachesTheOtherNode() {
        List<String> keys = IntStream.range(0, 600).mapToObj(i -> "k" + i).toList();
        keys.forEach(key -> b.warm(key, "v1"));

        Node.get(a.cache.invalidateAll(keys));

        b.awaitStreamCaughtUp();
        assertThat(keys).allSatisfy(key -> assertThat(b.read(key, "v2")).isEqualTo("v2"));
    }

    @Test
    void invalidationBindsTheNodeThatAskedForItAtOnce() {
        for (int round = 0; round < 200; round++) {
            String value = "v" + round;
            a.read("k", value);
            Node.get(a.cache.invalidate("k"));

            assertThat(a.read("k", "newer" + round)).isEqualTo("newer" + round);
            Node.get(a.cache.invalidate("k"));
        }
    }

    @Test
    void writeThroughOnOneNodeIsReadByTheOther() {
        a.warm("k", "v1");
        b.warm("k", "v1");

        assertThat(Node.get(a.cache.writeThrough("k", Mono.just("v2")))).isEqualTo("v2");

        Await.until("the other node reads it", () -> b.read("k", "never asked").equals("v2"));
        assertThat(a.read("k", "never asked")).isEqualTo("v2");
        assertThat(a.loads.get() + b.loads.get()).as("loads").isEqualTo(1);
    }

    @Test
    void putOnOneNodeIsReadByTheOther() {
        b.warm("k", "v1");

        Node.get(a.cache.put("k", "v2"));

        Await.until("the other node reads it", () -> b.read("k", "never asked").equals("v2"));
    }

    @Test
    void deleteThroughOnOneNodeLeavesTheKeyAbsentOnBoth() {
        a.warm("k", "v1");
        b.warm("k", "v1");

        Node.get(a.cache.deleteThrough("k", Mono.empty()));

        Await.until("the other node has none", () -> b.cache.get("k").block(Await.LIMIT) == null);
        assertThat(Node.get(a.cache.get("k"))).isNull();
    }

    @Test
    void failedWriteLeavesTheKeyAbsentAndTheErrorAsItWas() {
        b.warm("k", "v1");
        IllegalStateException failure = new IllegalStateException("constraint");

        assertThat(Node.get(a.cache
                                .writeThrough("k", Mono.<String>error(failure))
                                .materialize())
                        .getThrowable())
                .isSameAs(failure);

        b.awaitValue("k", "v1 anew");
    }

    @Test
    void readsDuringAWriteLoadAndStoreNothing() {
        // given a write on one node that has begun
        Sinks.One<String> committed = Sinks.one();
        Mono<String> write = a.cache.writeThrough("k", committed.asMono()).cache();
        write.subscribe();
        Await.until("the write has begun", () -> redis.foreigner().exists("rc:" + name + ":k") == 1);

        // when the other node reads meanwhile, what the source still says
        assertThat(b.read("k", "old")).isEqualTo("old");
        assertThat(a.read("k", "old")).isEqualTo("old");
        committed.tryEmitValue("new").orThrow();
        Node.get(write);

        // then nobody has kept it
        assertThat(b.read("k", "never asked")).isEqualTo("new");
        assertThat(a.read("k", "never asked")).isEqualTo("new");
    }

    @Test
    void overlappingWritesThatEndInTheOrderOfTheirCommitsNeverLeaveTheOlderValue() {
        overlappingWritesLeaveTheKeyAbsent(true);
    }

    @Test
    void overlappingWritesThatEndInTheOppositeOrderNeverLeaveTheOlderValue() { // R22
        overlappingWritesLeaveTheKeyAbsent(false);
    }

    private void overlappingWritesLeaveTheKeyAbsent(boolean inOrder) {
        // given two nodes that write at once; the source takes the one's value, then the other's
        Sinks.One<String> first = Sinks.one();
        Sinks.One<String> second = Sinks.one();
        Mono<String> older = a.cache.writeThrough("k", first.asMono()).cache();
        Mono<String> newer = b.cache.writeThrough("k", second.asMono()).cache();
        older.subscribe();
        Await.until("the one has begun", () -> first.currentSubscriberCount() == 1);
        newer.subscribe();
        Await.until("both have begun", () -> second.currentSubscriberCount() == 1);

        // when their answers come, in the source's order or not
        (inOrder ? first : second).tryEmitValue(inOrder ? "older" : "newer").orThrow();
        Node.get(inOrder ? older : newer);
        assertThat(redis.foreigner().get("rc:" + name + ":k")).startsWith("rc2W");
        (inOrder ? second : first).tryEmitValue(inOrder ? "newer" : "older").orThrow();
        Node.get(inOrder ? newer : older);

        // then the key is absent, and both load
        assertThat(redis.foreigner().exists("rc:" + name + ":k")).isZero();
        assertThat(a.read("k", "newer")).isEqualTo("newer");
        assertThat(b.read("k", "newer")).isEqualTo("newer");
    }

    @Test
    void invalidationDuringAWriteLeavesTheKeyAbsent() {
        Sinks.One<String> committed = Sinks.one();
        Mono<String> write = a.cache.writeThrough("k", committed.asMono()).cache();
        write.subscribe();
        Await.until("the write has begun", () -> committed.currentSubscriberCount() == 1);

        Node.get(b.cache.invalidate("k"));
        committed.tryEmitValue("perhaps older").orThrow();
        Node.get(write);

        assertThat(redis.foreigner().exists("rc:" + name + ":k")).isZero();
    }

    @Test
    void putDuringAWriteLeavesTheKeyAbsent() {
        Sinks.One<String> committed = Sinks.one();
        Mono<String> write = a.cache.writeThrough("k", committed.asMono()).cache();
        write.subscribe();
        Await.until("the write has begun", () -> committed.currentSubscriberCount() == 1);

        Node.get(b.cache.put("k", "either"));
        committed.tryEmitValue("or").orThrow();
        Node.get(write);

        assertThat(redis.foreigner().exists("rc:" + name + ":k")).isZero();
    }

    @Test
    void cancelledWriteLeavesTheKeyAbsentAndFillable() {
        Sinks.One<String> never = Sinks.one();
        var write = a.cache.writeThrough("k", never.asMono()).subscribe();
        Await.until("the write has begun", () -> never.currentSubscriberCount() == 1);

        write.dispose();

        Await.until("it has ended", () -> redis.foreigner().exists("rc:" + name + ":k") == 0);
        b.warm("k", "v");
    }

    @Test
    void loadOnOneNodeThatBeganBeforeAnInvalidationOnTheOtherIsRefused() { // R2, G5
        // given a load on one node that has read the source and not yet answered
        Sinks.One<String> reply = Sinks.one();
        Mono<String> old = a.cache.getOrFetch("k", reply.asMono()).cache();
        old.subscribe();
        Await.until("the load is out", () -> reply.currentSubscriberCount() == 1);

        // when the other invalidates, and the load ends
        Node.get(b.cache.invalidate("k"));
        reply.tryEmitValue("old").orThrow();

        // then its caller has the value, and nobody else ever will
        assertThat(Node.get(old)).isEqualTo("old");
        assertThat(a.cache.stats().refusedFills()).isEqualTo(1);
        assertThat(redis.foreigner().exists("rc:" + name + ":k")).isZero();
        assertThat(a.read("k", "new")).isEqualTo("new");
        assertThat(b.read("k", "new")).isEqualTo("new");
    }

    @Test
    void oldLoadIsRefusedAlsoWhenTheSameNodeHasStartedANewerOne() { // fresh token per attempt
        Sinks.One<String> first = Sinks.one();
        Sinks.One<String> second = Sinks.one();
        Mono<String> old = a.cache.getOrFetch("k", first.asMono()).cache();
        old.subscribe();
        Await.until("the first load is out", () -> first.currentSubscriberCount() == 1);
        Node.get(b.cache.invalidate("k"));
        a.awaitStreamCaughtUp();
        Mono<String> young = a.cache.getOrFetch("k", second.asMono()).cache();
        young.subscribe();
        Await.until("the second load is out", () -> second.currentSubscriberCount() == 1);

        first.tryEmitValue("old").orThrow();
        assertThat(Node.get(old)).isEqualTo("old");
        second.tryEmitValue("new").orThrow();
        assertThat(Node.get(young)).isEqualTo("new");

        assertThat(b.read("k", "never asked")).isEqualTo("new");
        assertThat(a.read("k", "never asked")).isEqualTo("new");
        assertThat(a.cache.stats().refusedFills()).isEqualTo(1);
    }

    @Test
    void failedLoadGivesItsRightBack() {
        IllegalStateException failure = new IllegalStateException("no source");

        assertThat(Node.get(a.cache.getOrFetch("k", Mono.<String>error(failure)).materialize())
                        .getThrowable())
                .isSameAs(failure);

        Await.until("the right is back", () -> redis.foreigner().exists("rc:" + name + ":k") == 0);
        b.warm("k", "v");
    }

    @Test
    void cancelledLoadGivesItsRightBack() {
        Sinks.One<String> never = Sinks.one();
        var read = a.cache.getOrFetch("k", never.asMono()).subscribe();
        Await.until("the load is out", () -> never.currentSubscriberCount() == 1);

        read.dispose();

        Await.until("the right is back", () -> redis.foreigner().exists("rc:" + name + ":k") == 0);
        b.warm("k", "v");
    }

    @Test
    void knownAbsenceIsSharedAndInvalidated() {
        try (Node c = Node.live(redis.uri(), name, cache -> cache.absentTtl(Duration.ofMinutes(1)));
                Node d = Node.live(redis.uri(), name, cache -> cache.absentTtl(Duration.ofMinutes(1)))) {
            assertThat(Node.get(c.cache.getOrFetch("k", Mono.<String>empty()))).isNull();

            assertThat(d.look("k", "never asked")).satisfies(answer -> {
                assertThat(answer.isAbsent()).isTrue();
                assertThat(answer.origin()).isEqualTo(Origin.REMOTE);
            });
            assertThat(redis.foreigner().pttl("rc:" + name + ":k")).isBetween(50_000L, 60_000L);

            Node.get(c.cache.invalidate("k"));
            d.awaitValue("k", "v");
        }
    }
}
