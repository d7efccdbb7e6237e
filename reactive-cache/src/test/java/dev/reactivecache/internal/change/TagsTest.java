package dev.reactivecache.internal.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Awaiting;
import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.Cached;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.CacheCleared;
import dev.reactivecache.Invalidation.TagInvalidated;
import dev.reactivecache.InvalidationReceipt;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tags, prefixes and clear: on one node, and on two that share a tier. */
class TagsTest {
    private static final EntryOptions RED = EntryOptions.defaults().withTags("red", "all");

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final FakeTier otherTier = server.connect();
    private final ReactiveCache<String, String> cache = cache(tier);
    private final ReactiveCache<String, String> other = cache(otherTier);
    private final ReactiveCache<String, String> alone = cache(null);

    private ReactiveCache<String, String> cache(@Nullable RemoteTier remote) {
        ReactiveCacheBuilder<String, String> builder = ReactiveCache.<String, String>builder("tags")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0);
        return remote == null ? builder.build() : builder.remote(remote).build();
    }

    private static String read(ReactiveCache<String, String> cache, String key, String source) {
        return cache.getOrFetchLoaded(key, same -> Mono.just(Loaded.of(source).withTags("red")))
                .block();
    }

    private static Cached.Origin origin(ReactiveCache<String, String> cache, String key) {
        return cache.lookup(key, same -> Mono.just("loaded")).block().origin();
    }

    @Test
    void aTagVoidsItsEntriesOnEveryNodeAndNoOthers() {
        cache.put("r", "old", RED).block();
        cache.put("b", "old", EntryOptions.defaults().withTags("blue")).block();
        cache.put("plain", "old").block();
        Stream.of(cache, other).forEach(node -> Stream.of("r", "b", "plain").forEach(key -> read(node, key, "?")));

        other.invalidateTag("red").block();

        for (ReactiveCache<String, String> node : List.of(cache, other)) {
            assertThat(node.get("b").block()).isEqualTo("old");
            assertThat(node.get("plain").block()).isEqualTo("old");
            assertThat(node.get("r").block()).isNull();
        }
        assertThat(read(cache, "r", "new")).isEqualTo("new");
        assertThat(read(other, "r", "not asked")).isEqualTo("new");
    }

    @Test
    void clearVoidsEverything() {
        cache.put("r", "old", RED).block();
        cache.put("plain", "old").block();
        read(other, "r", "?");

        cache.clear().block();

        for (ReactiveCache<String, String> node : List.of(cache, other)) {
            assertThat(node.get("r").block()).isNull();
            assertThat(node.get("plain").block()).isNull();
        }
        assertThat(read(cache, "plain", "new")).isEqualTo("new");
        assertThat(read(other, "plain", "not asked")).isEqualTo("new");
    }

    @Test
    void inMemoryTagsPrefixesAndClearWork() {
        alone.put("a:1", "v", RED).block();
        alone.put("a:2", "v").block();
        alone.put("b:1", "v").block();

        alone.invalidateTag("red").block();
        assertThat(alone.get("a:1").block()).isNull();
        assertThat(alone.get("a:2").block()).isEqualTo("v");
        assertThat(alone.invalidatePrefix("a:").block()).isEqualTo(1);
        assertThat(alone.get("a:2").block()).isNull();
        assertThat(alone.get("b:1").block()).isEqualTo("v");
        alone.clear().block();
        assertThat(alone.get("b:1").block()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag", "clear", "prefix"})
    void r3LoadThatBeganBeforeIsNeitherSharedNorStored(String how) {
        for (ReactiveCache<String, String> node : List.of(alone, cache)) {
            Sinks.One<Loaded<String>> reply = Sinks.one();
            CompletableFuture<String> before =
                    node.getOrFetchLoaded("k", same -> reply.asMono()).toFuture();

            invalidate(node, how);
            Sinks.One<Loaded<String>> second = Sinks.one();
            CompletableFuture<String> after =
                    node.getOrFetchLoaded("k", same -> second.asMono()).toFuture();
            reply.tryEmitValue(Loaded.of("old").withTags("red")).orThrow();

            assertThat(before).isCompletedWithValue("old");
            assertThat(after).isNotCompleted();
            second.tryEmitValue(Loaded.of("new").withTags("red")).orThrow();
            assertThat(after).isCompletedWithValue("new");
            assertThat(read(node, "k", "newest")).isIn("new", "newest");
        }
        assertThat(read(other, "k", "newest")).isIn("new", "newest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag", "clear", "prefix"})
    void r4LoadOfAnotherNodeThatBeganBeforeIsNotStoredForAnybody(String how) {
        Sinks.One<Loaded<String>> reply = Sinks.one();
        otherTier.holdEvents();
        other.getOrFetchLoaded("k", same -> reply.asMono()).subscribe();

        invalidate(cache, how);
        reply.tryEmitValue(Loaded.of("old").withTags("red")).orThrow();
        assertThat(read(cache, "k", "new")).as("on the node that was told").isEqualTo("new");
        otherTier.deliverEvents();

        assertThat(read(other, "k", "new")).isEqualTo("new");
    }

    private static void invalidate(ReactiveCache<String, String> node, String how) {
        Mono<?> done = switch (how) {
            case "tag" -> node.invalidateTag("red");
            case "clear" -> node.clear();
            default -> node.invalidatePrefix("k");
        };
        done.block();
    }

    @Test
    void untaggedReadsAskForGenerationsOnceAndNotAgain() {
        read(cache, "a", "v");
        other.put("plain", "v").block();
        tier.forget();

        assertThat(origin(cache, "plain")).isEqualTo(Cached.Origin.REMOTE);
        assertThat(cache.getOrFetch("b", Mono.just("v")).block()).isEqualTo("v");

        assertThat(tier.sent(Op.GENERATION)).isZero();
    }

    @Test
    void afterAGapWhatHasEndedMeanwhileIsVoidInMemory() {
        read(cache, "r", "old");
        cache.put("plain", "old").block();
        cache.get("plain").block();
        tier.holdEvents();
        other.invalidateTag("red").block();
        tier.gap("lost");

        assertThat(cache.get("plain").block()).isEqualTo("old");
        assertThat(read(cache, "r", "new")).isEqualTo("new");

        tier.gap("lost again");
        other.clear().block();
        tier.gap("and again");
        assertThat(cache.get("plain").block()).isNull();
    }

    @Test
    void whenTheTierHasForgottenItsNumbersAllIsVoid() {
        read(cache, "r", "old");
        server.forgetGenerations();
        tier.gap("flushed");

        assertThat(read(cache, "r", "new")).isEqualTo("new");
    }

    @Test
    void aTagWhoseAnswerWasOnItsWayWhenItEndedIsNotBelieved() {
        read(other, "r", "old");
        other.invalidateTag("blue").block(); // so that the tags of older entries must be asked for
        Held generation = tier.hold(Op.GENERATION);
        CompletableFuture<String> early = cache.get("r").toFuture();
        generation.arrive();

        other.invalidateTag("red").block();
        generation.reply();

        assertThat(early).isDone();
        assertThat(cache.get("r").block()).isNull();
    }

    @Test
    void whatWasSaidBeforeAClearIsNotBelievedAfterIt() {
        read(other, "r", "old");
        Held generation = tier.hold(Op.GENERATION);
        CompletableFuture<String> early = cache.get("r").toFuture();
        generation.arrive();

        other.clear().block();
        generation.reply();

        assertThat(early).isDone();
        assertThat(cache.get("r").block()).isNull();
    }

    @Test
    void aTagInvalidationThatFailsIsKeptAndSentAgain() {
        read(cache, "r", "old");
        tier.fail(Op.END_GENERATION);

        StepVerifier.create(cache.invalidateTag("red"))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(RemoteTierException.class)
                        .hasMessageContaining("tag red is kept"));
        assertThat(cache.health().recovery().tags()).isEqualTo(1);
        assertThat(cache.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(read(cache, "r", "new")).isEqualTo("new");
        assertThat(read(cache, "r", "newer")).as("nothing of the tag is stored").isEqualTo("newer");

        tier.heal().back(false);

        assertThat(cache.health().status()).isEqualTo(Status.UP);
        assertThat(other.get("r").block()).isNull();
        assertThat(cache.stats().recovered()).isEqualTo(1);
    }

    @Test
    void aTagInvalidationThatAFailoverMayHaveLostIsSentAgain() {
        cache.invalidateTag("red").block();
        tier.forget();

        tier.back(true);

        assertThat(tier.sent(Op.END_GENERATION)).isEqualTo(1);
    }

    @Test
    void everyNodesSubscribersAreTold() {
        List<Invalidation<String>> told = new ArrayList<>();
        other.invalidations().subscribe(told::add);

        cache.invalidateTag("red").block();
        cache.clear().block();
        timer.advanceTime();

        assertThat(told).containsExactly(new TagInvalidated<>("red"), new CacheCleared<>());
    }

    @Test
    void aReceiptTellsThatEveryNodeKnows() {
        assertThat(cache.clear(Awaiting.everyNode(Duration.ofSeconds(1))).block())
                .isEqualTo(new InvalidationReceipt.AppliedEverywhere(2));
        assertThat(cache.invalidateTag("red", Awaiting.everyNode(Duration.ofSeconds(1)))
                        .block())
                .isEqualTo(new InvalidationReceipt.AppliedEverywhere(2));
    }

    @Test
    void aLoaderSaysHowItsValueIsStored() {
        assertThat(cache.getOrFetchLoaded("k", key -> Mono.just(Loaded.of("v").notStored()))
                        .block())
                .isEqualTo("v");
        assertThat(server.isFree("k")).isTrue();
        assertThat(cache.getOrFetchLoaded("k", key -> Mono.just(Loaded.<String>absent()))
                        .block())
                .isNull();
        Duration own = Duration.ofSeconds(7);
        cache.getOrFetchLoaded(
                        "k",
                        key -> Mono.just(
                                Loaded.of("v").with(EntryOptions.defaults().withTtl(own))))
                .block();
        assertThat(server.remaining("k")).isEqualTo(own);
    }

    @Test
    void aLookupTakesTheSameLoaders() {
        Mono<Cached<String>> tagged =
                cache.lookupLoaded("k", key -> Mono.just(Loaded.of("v").withTags("red")));

        assertThat(tagged.map(Cached::origin).block()).isEqualTo(Cached.Origin.LOADER);
        assertThat(tagged.map(Cached::origin).block()).isEqualTo(Cached.Origin.LOCAL);

        cache.invalidateTag("red").block();
        assertThat(tagged.map(Cached::origin).block()).isEqualTo(Cached.Origin.LOADER);
    }

    @Test
    void aWriteStoresItsTags() {
        cache.writeThrough("r", Mono.just("written"), RED).block();
        assertThat(other.get("r").block()).isEqualTo("written");

        other.invalidateTag("all").block();

        assertThat(cache.get("r").block()).isNull();
        alone.writeThrough("r", Mono.just("written"), RED).block();
        alone.invalidateTag("all").block();
        assertThat(alone.get("r").block()).isNull();
    }

    @Test
    void aWriteThatBeganBeforeAClearLeavesNothing() {
        for (ReactiveCache<String, String> node : List.of(alone, cache)) {
            Sinks.One<String> write = Sinks.one();
            node.writeThrough("w", write.asMono()).subscribe();
            node.clear().block();
            write.tryEmitValue("from before").orThrow();

            assertThat(node.get("w").block()).isNull();
        }
    }

    @Test
    void aPrefixThatFailsForSomeKeysKeepsThem() {
        cache.put("a:1", "v").block();
        tier.fail(Op.INVALIDATE);

        StepVerifier.create(cache.invalidatePrefix("a:")).verifyError(RemoteTierException.class);

        assertThat(cache.health().recovery().pending()).isEqualTo(1);
        tier.heal().back(false);
        assertThat(server.isFree("a:1")).isTrue();
    }

    @Test
    void badTagsAndPrefixesAreRefusedWhereTheyAreGiven() {
        assertThatThrownBy(() -> cache.invalidateTag("a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tag (a b) must match [A-Za-z0-9._:/@=+-]{1,128}");
        assertThatThrownBy(() -> EntryOptions.defaults().withTags("ok", ""))
                .isInstanceOf(IllegalArgumentException.class);
        String[] many =
                Stream.iterate(1, i -> i + 1).limit(17).map(i -> "t" + i).toArray(String[]::new);
        assertThatThrownBy(() -> EntryOptions.defaults().withTags(many))
                .hasMessage("tags (17 of them) must be at most 16 of one entry");
        assertThatThrownBy(() -> cache.invalidatePrefix("")).isInstanceOf(IllegalArgumentException.class);
    }
}
