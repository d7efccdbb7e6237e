package dev.reactivecache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.internal.policy.Jitter;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Each misuse gets an error at the call, which names what was given and the rule that it breaks. */
class BadInputTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final ReactiveCache<String, String> cache =
            ReactiveCache.<String, String>builder("checked").timer(timer).build();

    private static ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.builder("checked");
    }

    private ReactiveCacheBuilder<String, String> shared(FakeTier tier) {
        return builder()
                .timer(timer)
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .remote(tier);
    }

    private static Stream<DynamicTest> nulls(Object... namesAndCalls) {
        return Stream.iterate(0, i -> i < namesAndCalls.length, i -> i + 2).map(i -> {
            String name = (String) namesAndCalls[i];
            ThrowingCallable call = (ThrowingCallable) namesAndCalls[i + 1];
            return DynamicTest.dynamicTest(name, () -> {
                String culprit = name.substring(name.indexOf(": ") + 2);
                assertThatThrownBy(call)
                        .isExactlyInstanceOf(NullPointerException.class)
                        .hasMessage(culprit);
            });
        });
    }

    private static ThrowingCallable call(ThrowingCallable call) {
        return call;
    }

    @TestFactory
    Stream<DynamicTest> nullsAreRefusedWhenAnOperationIsCalledNotWhenItIsSubscribedTo() {
        Mono<String> mono = Mono.just("v");
        Function<String, Mono<String>> loader = key -> mono;
        return nulls(
                "get: key", call(() -> cache.get(null)),
                "getOrFetch with a loader: key", call(() -> cache.getOrFetch(null, loader)),
                "getOrFetch with a Mono: key", call(() -> cache.getOrFetch(null, mono)),
                "getOrFetch: loader", call(() -> cache.getOrFetch("k", (Function<String, Mono<String>>) null)),
                "getOrFetch: source", call(() -> cache.getOrFetch("k", (Mono<String>) null)),
                "lookup: key", call(() -> cache.lookup(null, loader)),
                "refresh: key", call(() -> cache.refresh(null)),
                "lookup: loader", call(() -> cache.lookup("k", null)),
                "put: key", call(() -> cache.put(null, "v")),
                "put: value", call(() -> cache.put("k", null)),
                "put: options", call(() -> cache.put("k", "v", null)),
                "writeThrough: key", call(() -> cache.writeThrough(null, mono)),
                "writeThrough: write", call(() -> cache.writeThrough("k", null)),
                "deleteThrough: key", call(() -> cache.deleteThrough(null, mono)),
                "deleteThrough: delete", call(() -> cache.deleteThrough("k", null)),
                "invalidate: key", call(() -> cache.invalidate(null)),
                "invalidateAll: keys", call(() -> cache.invalidateAll(null)),
                "invalidateAll with a null: key", call(() -> cache.invalidateAll(Arrays.asList("k", null))),
                "readThrough operator: key", call(() -> cache.readThrough(null)),
                "readThrough operator applied: source",
                        call(() -> cache.readThrough("k").apply(null)),
                "writeThrough operator: key", call(() -> cache.writeThrough(null)),
                "writeThrough operator applied: write",
                        call(() -> cache.writeThrough("k").apply(null)),
                "cached: loader", call(() -> cache.cached(null)),
                "cached applied: key", call(() -> cache.cached(loader).apply(null)));
    }

    @TestFactory
    Stream<DynamicTest> nullsAreRefusedByTheBuilder() {
        return nulls(
                "builder: name", call(() -> ReactiveCache.builder(null)),
                "key: key codec", call(() -> builder().key(null)),
                "value: value codec", call(() -> builder().value(null)),
                "local: local tier", call(() -> builder().local(null)),
                "remote: remote tier", call(() -> builder().remote(null)),
                "ttl: ttl", call(() -> builder().ttl(null)),
                "absentTtl: absentTtl", call(() -> builder().absentTtl(null)),
                "loader: loader", call(() -> builder().loader(null)),
                "loadTimeout: loadTimeout", call(() -> builder().loadTimeout(null)),
                "loaderContext: loaderContext", call(() -> builder().loaderContext(null)),
                "staleWhileRevalidate: staleWhileRevalidate",
                        call(() -> builder().staleWhileRevalidate(null)),
                "staleIfError: staleIfError", call(() -> builder().staleIfError(null)),
                "staleIfError's predicate: staleIfError's predicate",
                        call(() -> builder().staleIfError(Duration.ZERO, null)),
                "softTimeout: softTimeout", call(() -> builder().softTimeout(null)),
                "refreshBackoff: refreshBackoff's first", call(() -> builder().refreshBackoff(null, Duration.ZERO)),
                "refreshContext: refreshContext", call(() -> builder().refreshContext(null)),
                "onAbandon: onAbandon", call(() -> builder().onAbandon(null)),
                "quarantine: quarantine", call(() -> builder().quarantine(null)),
                "timer: timer", call(() -> builder().timer(null)),
                "local ttl: local ttl", call(() -> LocalTier.maximumSize(1).withTtl(null)),
                "weigher: weigher", call(() -> LocalTier.maximumWeight(1, null)),
                "entry ttl: ttl", call(() -> EntryOptions.defaults().withTtl(null)),
                "event key: key", call(() -> new Invalidation.KeyInvalidated<>(null, Cause.EXPIRED)),
                "event cause: cause", call(() -> new Invalidation.KeyInvalidated<>("k", null)),
                "gap: reason", call(() -> new Invalidation.Gap<>(null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:b", "a/b", "a{b}", "ä", "a\n", "*", "a*"})
    void aNameOutsideThePatternIsRefused(String name) {
        assertThatThrownBy(() -> ReactiveCache.builder(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cache name ('" + name + "') must match [A-Za-z0-9._-]{1,64}");
    }

    @Test
    void aNameMayHaveSixtyFourCharactersAndNotMore() {
        assertThat(ReactiveCache.builder("x".repeat(64)).build().name()).hasSize(64);
        assertThat(ReactiveCache.builder("Az09._-").build().name()).isEqualTo("Az09._-");

        assertThatThrownBy(() -> ReactiveCache.builder("x".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }

    private record Setting(String name, Function<Duration, Object> setter) {}

    private static Stream<Setting> timesToLive() {
        return Stream.of(
                new Setting("ttl", ttl -> builder().ttl(ttl)),
                new Setting("absentTtl", ttl -> builder().absentTtl(ttl)),
                new Setting("quarantine", ttl -> builder().quarantine(ttl)),
                new Setting("local ttl", ttl -> LocalTier.maximumSize(1).withTtl(ttl)),
                new Setting("ttl", ttl -> EntryOptions.defaults().withTtl(ttl)));
    }

    @ParameterizedTest
    @MethodSource("timesToLive")
    void aTimeToLiveMustBeBetweenAMillisecondAndAThousandDays(Setting setting) {
        for (Duration bad : new Duration[] {
            Duration.ZERO,
            Duration.ofSeconds(-1),
            Duration.ofNanos(999_999),
            Duration.ofDays(1_000).plusNanos(1),
            Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertThatThrownBy(() -> setting.setter().apply(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(setting.name() + " (" + bad + ") must be between a millisecond and 1,000 days");
        }
        assertThat(setting.setter().apply(Duration.ofMillis(1))).isNotNull();
        assertThat(setting.setter().apply(Duration.ofDays(1_000))).isNotNull();
    }

    private static Stream<Setting> windows() {
        return Stream.of(
                new Setting("staleWhileRevalidate", window -> builder().staleWhileRevalidate(window)),
                new Setting("staleIfError", window -> builder().staleIfError(window)),
                new Setting(
                        "staleWhileRevalidate",
                        window -> EntryOptions.defaults().withStaleWhileRevalidate(window)),
                new Setting("staleIfError", window -> EntryOptions.defaults().withStaleIfError(window)));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void aWindowMustBeBetweenZeroAndAThousandDays(Setting setting) {
        for (Duration bad : new Duration[] {
            Duration.ofNanos(-1), Duration.ofDays(1_000).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertThatThrownBy(() -> setting.setter().apply(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(setting.name() + " (" + bad + ") must be at least zero and at most 1,000 days");
        }
        assertThat(setting.setter().apply(Duration.ZERO)).isNotNull();
        assertThat(setting.setter().apply(Duration.ofDays(1_000))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, 0.09, 10.1, Double.NaN, Double.POSITIVE_INFINITY})
    void betaMustBeBetweenATenthAndTen(double bad) {
        assertThatThrownBy(() -> builder().earlyRefresh(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("earlyRefresh's beta (" + bad + ") must be between 0.1 and 10");
    }

    @Test
    void theFirstBackoffMustNotBeTheLonger() {
        assertThatThrownBy(() -> builder().refreshBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refreshBackoff's first (PT2S) must not be longer than its longest (PT1S)");
        assertThatThrownBy(() -> builder().refreshBackoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refreshBackoff's first (PT0S) must be between a millisecond and 1,000 days");
        assertThatThrownBy(() -> builder().refreshBulkhead(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refreshBulkhead (0) must be above zero");
    }

    @Test
    void aSoftTimeoutNeedsSomethingToAnswerWithAndMustBeTheSooner() {
        ReactiveCacheBuilder<String, String> soft = builder().softTimeout(Duration.ofSeconds(10));

        assertThatThrownBy(soft::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "softTimeout (PT10S) needs staleIfError to be set: without it there is nothing to answer with");
        assertThatThrownBy(soft.staleIfError(Duration.ofHours(1))::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("softTimeout (PT10S) must be shorter than loadTimeout (PT10S)");
        assertThat(soft.softTimeout(Duration.ofSeconds(9)).build().name()).isNotEmpty();
    }

    @Test
    void aLoadTimeoutMustBePositive() {
        for (Duration bad : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(1_001)}) {
            assertThatThrownBy(() -> builder().loadTimeout(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("loadTimeout (" + bad + ") must be above zero and at most 1,000 days");
        }
        builder().loadTimeout(Duration.ofNanos(1));
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {-0.1, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -Double.MIN_VALUE})
    void jitterMustBeAtLeastZeroAndBelowOne(double bad) {
        String message = "jitter (" + bad + ") must be at least 0 and below 1";

        assertThatThrownBy(() -> builder().jitter(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> new Jitter(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void boundsMustBePositive() {
        assertThatThrownBy(() -> LocalTier.maximumSize(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maximumSize (0) must be above zero");
        assertThatThrownBy(() -> LocalTier.maximumWeight(-1, (key, value) -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maximumWeight (-1) must be above zero");
        assertThatThrownBy(() -> LocalTier.maximumEncodedSize(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maximumEncodedSize (0) must be above zero");
        assertThatThrownBy(
                        () -> builder().local(LocalTier.maximumEncodedSize(1)).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith(
                        "measures encoded values (maximumEncodedSize), which needs value(ValueCodec) to be set");
        assertThatThrownBy(() -> builder().loadBulkhead(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loadBulkhead (0) must be above zero");
        assertThatThrownBy(() -> builder().invalidationBuffer(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalidationBuffer (0) must be above zero");
    }

    @Test
    void theLocalTtlMustNotBeLongerThanTheTtlInWhicheverOrderTheyAreGiven() {
        LocalTier<String, String> minute =
                LocalTier.<String, String>maximumSize(1).withTtl(Duration.ofMinutes(1));
        String message = "local ttl (PT1M) must not be longer than ttl (PT30S)";

        assertThatThrownBy(() ->
                        builder().local(minute).ttl(Duration.ofSeconds(30)).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() ->
                        builder().ttl(Duration.ofSeconds(30)).local(minute).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        builder().ttl(Duration.ofMinutes(1)).local(minute).build();
    }

    @Test
    void aRemoteTierNeedsBothCodecs() {
        FakeTier tier = server.connect();

        assertThatThrownBy(() ->
                        builder().value(ValueCodec.ofString()).remote(tier).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cache 'checked' has a remote tier, which needs key(KeyCodec) to be set");
        assertThatThrownBy(() -> builder().key(KeyCodec.ofString()).remote(tier).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cache 'checked' has a remote tier, which needs value(ValueCodec) to be set");
    }

    @Test
    void aBuildThatFailedLeavesTheNameFree() {
        FakeTier tier = server.connect();
        assertThatThrownBy(() -> builder().remote(tier).build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> shared(tier)
                        .ttl(Duration.ofSeconds(1))
                        .local(LocalTier.<String, String>maximumSize(1).withTtl(Duration.ofSeconds(2)))
                        .build())
                .isInstanceOf(IllegalStateException.class);

        assertThat(shared(tier).build().name()).isEqualTo("checked");
    }

    @Test
    void twoOpenCachesOfOneNameOnOneTierAreRefused() {
        FakeTier tier = server.connect();
        ReactiveCache<String, String> first = shared(tier).build();

        assertThatThrownBy(() -> shared(tier).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'checked'");

        first.close().block();
        assertThat(shared(tier).build().name()).as("free again").isEqualTo("checked");
        assertThat(shared(server.connect()).build().name())
                .as("on another tier")
                .isEqualTo("checked");
    }

    @Test
    void aReadThatNamesNoLoaderNeedsTheBuildersOne() {
        String message = "cache 'checked' was built without a loader: give one to this call";

        assertThatThrownBy(() -> cache.getOrFetch("k"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> cache.lookup("k"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }
}
