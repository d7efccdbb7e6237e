package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.InvalidationStream.GapData;
import dev.reactivecache.spring.InvalidationStream.KeyData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.FluxExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class InvalidationStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<Long, String> cache = ReactiveCache.<Long, String>builder("airports")
            .invalidationBuffer(8)
            .build();
    private final WebTestClient client = WebTestClient.bindToRouterFunction(
                    route().GET("/changes", InvalidationStream.of(cache)).build())
            .build();

    @AfterEach
    void close() {
        cache.close().block();
        timer.dispose();
    }

    @Test
    void changeIsServedAsKeyEvent() {
        Flux<ServerSentEvent<Map<String, Object>>> events = connect()
                .returnResult(new ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>>() {})
                .getResponseBody();

        StepVerifier.create(events)
                .assertNext(opening -> assertThat(opening.data()).isNull())
                .then(() -> cache.invalidate(2434L).block())
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo("key");
                    assertThat(event.data())
                            .isEqualTo(Map.of("cache", "airports", "key", 2434, "cause", "INVALIDATED"));
                })
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void streamIsPlainServerSentEventsThatNobodyStores() {
        FluxExchangeResult<DataBuffer> response = connect()
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
                .expectHeader()
                .valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
                .returnResult(DataBuffer.class);

        StringBuilder text = new StringBuilder();
        StepVerifier.create(response.getResponseBody().map(buffer -> buffer.toString(StandardCharsets.UTF_8)))
                .thenConsumeWhile(part -> text.append(part).indexOf("\n\n") < 0)
                .then(() -> cache.invalidate(1L).block())
                .thenConsumeWhile(part -> text.append(part).indexOf("}\n\n") < 0)
                .thenCancel()
                .verify(PATIENCE);

        assertThat(text).startsWith("id:").contains("event:key\ndata:{").contains("\"key\":1");
    }

    @Test
    void streamEndsWhenTheCacheCloses() {
        StepVerifier.create(InvalidationStream.of(cache).events())
                .expectNextCount(1)
                .then(() -> cache.close().block())
                .verifyComplete();
    }

    @Test
    void gapIsServedAsGapEvent() {
        TestPublisher<Invalidation<Long>> changes = TestPublisher.create();

        StepVerifier.create(stream(changes.flux()).events())
                .expectNextCount(1)
                .then(() -> changes.next(new Gap<>("connection lost")))
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo("gap");
                    assertThat(event.data()).isEqualTo(new GapData("airports", "connection lost"));
                })
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void commentsShowThatAQuietStreamIsAlive() {
        Flux<ServerSentEvent<Object>> events = stream(Flux.never()).events();

        StepVerifier.create(events)
                .expectNextMatches(opening -> opening.comment() != null)
                .then(() -> timer.advanceTimeBy(Duration.ofMillis(14_999)))
                .expectNoEvent(Duration.ofMillis(50))
                .then(() -> timer.advanceTimeBy(Duration.ofMillis(1)))
                .expectNextMatches(heartbeat -> heartbeat.comment() != null && heartbeat.data() == null)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void openingCommentComesAfterTheSubscription() {
        TestPublisher<Invalidation<Long>> changes = TestPublisher.create();

        StepVerifier.create(stream(changes.flux()).events())
                .assertNext(opening -> changes.assertWasSubscribed())
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void departureOfTheClientEndsItsSubscription() {
        TestPublisher<Invalidation<Long>> changes = TestPublisher.create();

        StepVerifier.create(stream(changes.flux()).events())
                .expectNextCount(1)
                .thenCancel()
                .verify(PATIENCE);

        changes.assertCancelled();
    }

    @Test
    void tagsAndClearAreServedAndTheStreamGoesOn() {
        StepVerifier.create(stream(cache.invalidations()).events())
                .expectNextCount(1)
                .then(() -> cache.invalidateTag("red").block())
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo("tag");
                    assertThat(event.data()).isEqualTo(new InvalidationStream.TagData("airports", "red"));
                })
                .then(() -> cache.clear().block())
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo("clear");
                    assertThat(event.data()).isEqualTo(new InvalidationStream.ClearData("airports"));
                })
                .then(() -> cache.invalidate(1L).block())
                .assertNext(event -> assertThat(event.event()).isEqualTo("key"))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void nothingIsFetchedAheadForASlowClient() { // the cache's own buffer merges what waits
        TestPublisher<Invalidation<Long>> changes = TestPublisher.create();

        StepVerifier.create(stream(changes.flux()).events(), 0)
                .then(() -> changes.assertMaxRequested(1))
                .thenRequest(5)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void slowClientGetsOneGapAndTheCacheGoesOn() {
        List<ServerSentEvent<Object>> seen = new ArrayList<>();
        InvalidationStream stream = stream(cache.invalidations());

        StepVerifier.create(stream.events(), 0)
                .then(() -> Flux.range(0, 10_000)
                        .concatMap(key -> cache.invalidate((long) key))
                        .blockLast(PATIENCE))
                .then(() -> timer.advanceTimeBy(Duration.ofHours(1)))
                .thenRequest(Long.MAX_VALUE)
                .recordWith(() -> seen)
                .thenConsumeWhile(event -> !"gap".equals(event.event()))
                .thenConsumeWhile(event -> event.event() == null, event -> {})
                .thenCancel()
                .verify(PATIENCE);

        assertThat(seen).hasSizeLessThan(20).anyMatch(event -> event.data() instanceof GapData);
        assertThat(cache.stats().invalidations()).isEqualTo(10_000);
    }

    @Test
    void keysOfEveryKindAreServed() {
        record Leg(String from, String to) {}
        Leg leg = new Leg("ZRH", "LHR");

        StepVerifier.create(stream(new KeyInvalidated<>(leg, Cause.EXPIRED)).events())
                .assertNext(event -> assertThat(event.data()).isEqualTo(new KeyData("airports", leg, Cause.EXPIRED)))
                .verifyComplete();
    }

    @Test
    void aClientThatComesBackIsToldOfAGap() {
        String id = openingId(null);
        cache.invalidate(1L).block();

        StepVerifier.create(open("/changes", id))
                .expectNextCount(1)
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo("gap");
                    assertThat(event.data()).isEqualTo(Map.of("cache", "airports", "reason", "the client was away"));
                })
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aClientThatComesBackFromElsewhereIsToldOfAGap() {
        StepVerifier.create(open("/changes", "another-node:0"))
                .expectNextCount(1)
                .expectNextMatches(event -> "gap".equals(event.event()))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void aClientThatCannotHaveMissedAnythingIsNotToldOfAGap() {
        String id = openingId(null);

        StepVerifier.create(open("/changes", id))
                .expectNextCount(1)
                .then(() -> cache.invalidate(7L).block())
                .expectNextMatches(event -> "key".equals(event.event()))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void keysAreSelectedByTheirTextAndGapsComeInAnyCase() {
        StepVerifier.create(open("/changes?key=7&key=8", "away"))
                .expectNextCount(1)
                .expectNextMatches(event -> "gap".equals(event.event()))
                .then(() -> cache.invalidateAll(List.of(6L, 7L)).block())
                .assertNext(event -> assertThat(event.data()).containsEntry("key", 7))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void cachesAreSelectedByTheirName() {
        ReactiveCache<String, String> other =
                ReactiveCache.<String, String>builder("other").build();
        InvalidationStream both = InvalidationStream.of(List.of(cache, other));

        StepVerifier.create(open(clientOf(both), "/changes?cache=other", null))
                .expectNextCount(1)
                .then(() -> cache.invalidate(1L).block())
                .then(() -> other.invalidate("k").block())
                .assertNext(event -> assertThat(event.data()).containsEntry("cache", "other"))
                .thenCancel()
                .verify(PATIENCE);
        clientOf(both)
                .get()
                .uri("/changes?cache=unknown")
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    @Test
    void whoMayNotReadIsRefused() {
        InvalidationStream guarded = InvalidationStream.of(cache)
                .withAuthorization((request, name) ->
                        Mono.just("yes".equals(request.headers().firstHeader("X-May"))));

        expectRefusal(guarded, "/changes");
        expectRefusal(guarded, "/changes?cache=airports&key=1");
        expectRefusal(guarded.withAuthorization((request, name) -> Mono.empty()), "/changes");
        clientOf(guarded)
                .get()
                .uri("/changes")
                .header("X-May", "yes")
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void anAuthorizationThatFailsServesNothing() {
        InvalidationStream guarded = InvalidationStream.of(cache)
                .withAuthorization((request, name) -> Mono.error(new IllegalStateException("no directory")));

        clientOf(guarded).get().uri("/changes").exchange().expectStatus().is5xxServerError();
    }

    @Test
    void eachCacheIsAuthorizedByItself() {
        ReactiveCache<String, String> secret =
                ReactiveCache.<String, String>builder("secret").build();
        InvalidationStream guarded = InvalidationStream.of(List.of(secret, cache))
                .withAuthorization((request, name) -> Mono.just(name.equals("airports")));

        expectRefusal(guarded, "/changes?cache=secret");
        expectRefusal(guarded, "/changes?cache=airports&cache=secret");
        expectRefusal(guarded, "/changes?cache=secret&cache=airports&key=1");
        StepVerifier.create(open(clientOf(guarded), "/changes", "away"))
                .expectNextCount(1)
                .assertNext(event -> assertThat(event.data()).containsEntry("cache", "airports"))
                .then(() -> secret.invalidate("k").block())
                .then(() -> secret.clear().block())
                .then(() -> secret.invalidateTag("t").block())
                .then(() -> cache.invalidate(1L).block())
                .assertNext(event -> assertThat(event.data()).containsEntry("key", 1))
                .thenCancel()
                .verify(PATIENCE);
    }

    private static void expectRefusal(InvalidationStream stream, String uri) {
        clientOf(stream)
                .get()
                .uri(uri)
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectBody()
                .isEmpty();
    }

    private String openingId(String last) {
        return open("/changes", last).blockFirst(PATIENCE).id();
    }

    private Flux<ServerSentEvent<Map<String, Object>>> open(String uri, String last) {
        return open(client, uri, last);
    }

    private static Flux<ServerSentEvent<Map<String, Object>>> open(WebTestClient client, String uri, String last) {
        return client.mutate()
                .responseTimeout(PATIENCE)
                .build()
                .get()
                .uri(uri)
                .headers(headers -> {
                    if (last != null) {
                        headers.set("Last-Event-ID", last);
                    }
                })
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(new ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>>() {})
                .getResponseBody();
    }

    private static WebTestClient clientOf(InvalidationStream stream) {
        return WebTestClient.bindToRouterFunction(
                        route().GET("/changes", stream).build())
                .build();
    }

    @Test
    void badInputIsRefused() {
        InvalidationStream stream = InvalidationStream.of(cache);

        assertThatThrownBy(() -> InvalidationStream.of((ReactiveCache<?, ?>) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> stream.withHeartbeat(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> stream.withHeartbeat(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heartbeat (PT0S) must be at least a millisecond");
    }

    private InvalidationStream stream(Flux<? extends Invalidation<?>> changes) {
        var source = new InvalidationSource("airports", changes, "life", () -> 0);
        return new InvalidationStream(List.of(source), Duration.ofSeconds(15), timer);
    }

    private InvalidationStream stream(KeyInvalidated<?> change) {
        return stream(Flux.just(change));
    }

    private WebTestClient.ResponseSpec connect() {
        return client.mutate()
                .responseTimeout(PATIENCE)
                .build()
                .get()
                .uri("/changes")
                .exchange()
                .expectStatus()
                .isOk();
    }
}
