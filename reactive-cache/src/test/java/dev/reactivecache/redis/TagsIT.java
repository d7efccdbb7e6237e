package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Awaiting;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.Invalidation.CacheCleared;
import dev.reactivecache.Invalidation.TagInvalidated;
import dev.reactivecache.InvalidationReceipt;
import dev.reactivecache.Loaded;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tags, prefixes and clear, of two nodes that share one Redis. */
@ExtendWith({RedisServer.Shared.class, NodePair.Live.class})
@Timeout(60)
class TagsIT {
    private static final EntryOptions RED = EntryOptions.defaults().withTags("red");
    private static final Awaiting EVERY_NODE = Awaiting.everyNode(Duration.ofSeconds(10));

    private final RedisServer redis;
    private final String name;
    private final Node a;
    private final Node b;

    TagsIT(RedisServer redis, NodePair nodes) {
        this.redis = redis;
        this.name = nodes.name();
        this.a = nodes.a();
        this.b = nodes.b();
    }

    @Test
    void aTagIsVoidInEveryMemoryAndInRedisOnceTheReceiptIsThere() {
        Node.get(a.cache.put("r", "old", RED));
        Node.get(a.cache.put("plain", "old"));
        a.warm("r", "old").warm("plain", "old");
        b.warm("r", "old").warm("plain", "old");

        assertThat(Node.get(a.cache.invalidateTag("red", EVERY_NODE)))
                .isEqualTo(new InvalidationReceipt.AppliedEverywhere(2));

        for (Node node : List.of(a, b)) {
            assertThat(Node.get(node.cache.get("r"))).isNull();
            assertThat(Node.get(node.cache.get("plain"))).isEqualTo("old");
            node.awaitTold(new TagInvalidated<>("red"));
        }
        assertThat(b.read("r", "new")).isEqualTo("new");
        assertThat(a.read("r", "never asked")).isEqualTo("new");
    }

    @Test
    void clearIsTheSameForAllKeys() {
        Node.get(a.cache.put("r", "old", RED));
        a.warm("plain", "old");
        b.warm("r", "old").warm("plain", "old");

        assertThat(Node.get(b.cache.clear(EVERY_NODE))).isEqualTo(new InvalidationReceipt.AppliedEverywhere(2));

        for (Node node : List.of(a, b)) {
            assertThat(Node.get(node.cache.get("r"))).isNull();
            assertThat(Node.get(node.cache.get("plain"))).isNull();
            node.awaitTold(new CacheCleared<>());
        }
        assertThat(redis.foreigner().exists("rc:" + name + ":plain"))
                .as("nothing was deleted")
                .isEqualTo(1);
    }

    @Test
    void aSlowLoadFromBeforeIsVoidForEachReader() {
        Sinks.One<Loaded<String>> reply = Sinks.one();
        Mono<Loaded<String>> source = Mono.defer(() -> {
            a.loads.incrementAndGet();
            return reply.asMono();
        });
        CompletableFuture<String> slow =
                a.cache.getOrFetchLoaded("r", key -> source).toFuture();
        Await.until("it loads", () -> a.loads.get() == 1);

        Node.get(b.cache.invalidateTag("red"));
        reply.tryEmitValue(Loaded.of("old").withTags("red")).orThrow();

        assertThat(slow.join()).isEqualTo("old");
        a.awaitStreamCaughtUp();
        b.awaitStreamCaughtUp();
        assertThat(Node.get(a.cache.get("r"))).isNull();
        assertThat(Node.get(b.cache.get("r"))).isNull();
    }

    @Test
    void clearAndTagsWorkAfterTheNumbersWereLost() {
        Node.get(a.cache.put("r", "old", RED));
        a.warm("r", "old");
        b.warm("r", "old");
        Node.get(a.cache.put("unread", "old", RED));

        redis.foreigner().del("rc::generations:" + name);
        a.awaitStreamCaughtUp(); // who reads before takes what Redis has into memory, where it is good
        b.awaitStreamCaughtUp();

        // what Redis has is void, since nobody knows what has ended; what is in memory has heard of all ends itself
        assertThat(Node.get(a.cache.get("unread"))).isNull();
        assertThat(Node.get(b.cache.get("unread"))).isNull();
        assertThat(a.read("unread", "new")).isEqualTo("new");
        assertThat(Node.get(b.cache.get("unread"))).isEqualTo("new");

        // and all goes on as before
        Node.get(b.cache.invalidateTag("red", EVERY_NODE));
        assertThat(Node.get(a.cache.get("r"))).isNull();
        assertThat(Node.get(b.cache.get("r"))).isNull();
        Node.get(a.cache.clear(EVERY_NODE));
        assertThat(Node.get(b.cache.get("unread"))).isNull();
    }

    @Test
    void entriesOfBeforeThereWereGenerationsAreReadUntilTheFirstClear() {
        Node.get(a.cache.put("k", "v"));
        String key = "rc:" + name + ":k";
        String entry = redis.entry(key);
        String none = entry.substring(0, EntryText.EXTENSION) + "\0\0"
                + entry.substring(EntryText.EXTENSION + 2, WireFormat.HEADER)
                + entry.substring(WireFormat.HEADER + EntryText.extension(entry));
        redis.foreignerOfBytes().set(key.getBytes(UTF_8), none.getBytes(ISO_8859_1));

        assertThat(Node.get(b.cache.get("k"))).isEqualTo("v");
        Node.get(b.cache.clear(EVERY_NODE));
        assertThat(Node.get(a.cache.get("k"))).isNull();
    }

    @Test
    void moreTagsThanAreRememberedVoidOnlyWhatIsOlder() {
        Node.get(a.cache.put("old", "v"));
        Flux.range(0, 10_050)
                .flatMap(i -> a.cache.invalidateTag("t" + i), 64)
                .then()
                .block(Duration.ofSeconds(50));

        assertThat(redis.foreigner().zcard("rc::generations:" + name)).isBetween(8_000L, 10_000L);
        Node.get(a.cache.put("young", "v"));
        b.awaitStreamCaughtUp();
        assertThat(Node.get(b.cache.get("old"))).isNull();
        assertThat(Node.get(b.cache.get("young"))).isEqualTo("v");
    }

    @Test
    void aPrefixIsTakenLiterallyAndReachesEveryNode() {
        List<String> gone = List.of("a*[1]?:x", "a*[1]?:y");
        List<String> kept = List.of("a*[1]z", "aa[1]?:x", "b");
        for (String key : List.of("a*[1]?:x", "a*[1]?:y", "a*[1]z", "aa[1]?:x", "b")) {
            a.warm(key, "old");
            b.warm(key, "old");
        }

        assertThat(Node.get(a.cache.invalidatePrefix("a*[1]?:"))).isEqualTo(2);

        a.awaitStreamCaughtUp();
        b.awaitStreamCaughtUp();
        for (Node node : List.of(a, b)) {
            gone.forEach(key -> assertThat(Node.get(node.cache.get(key))).isNull());
            kept.forEach(key -> assertThat(Node.get(node.cache.get(key))).isEqualTo("old"));
        }
    }

    @Test
    void aPrefixOfManyKeysTellsHowFarItIs() {
        Flux.range(0, 3_000)
                .flatMap(i -> a.cache.put("many:" + i, "v"), 64)
                .then()
                .block(Await.LIMIT);

        List<Long> progress = a.cache.invalidatingPrefix("many:").collectList().block(Await.LIMIT);

        assertThat(progress).hasSizeGreaterThan(3).isSorted();
        assertThat(progress.get(progress.size() - 1)).isEqualTo(3_000);
        assertThat(Node.get(b.cache.get("many:17"))).isNull();
    }

    @Test
    void aTagInvalidationReadsNothingOfOtherEntries() {
        Mono<Loaded<String>> tagged = Mono.just(Loaded.of("v").withTags("red", "blue"));
        Node.get(a.cache.getOrFetchLoaded("k", key -> tagged));

        assertThat(redis.foreigner().get("rc:" + name + ":k")).endsWith(" red bluev");
        assertThat(Node.get(b.cache.get("k"))).isEqualTo("v");
    }
}
