package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Outgoing calls that are answered from the cache, and those that never are. */
class CachedExchangesTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, StoredResponse> cache =
            CachedResponses.cache("calls").timer(timer).jitter(0).build();
    private final AtomicInteger calls = new AtomicInteger();

    private WebClient client(Mono<ClientResponse> server) {
        return client(CachedExchanges.of(cache).withPlainConnector(), server);
    }

    private WebClient client(CachedExchanges filter, Mono<ClientResponse> server) {
        return WebClient.builder()
                .filter(filter)
                .exchangeFunction(SentCalls.to(request -> {
                    calls.incrementAndGet();
                    return server;
                }))
                .build();
    }

    private static ClientResponse.Builder fresh() {
        return ClientResponse.create(HttpStatus.OK)
                .header("Content-Type", "text/plain")
                .header("Cache-Control", "max-age=60")
                .body("hello");
    }

    private static Mono<ClientResponse> server(Function<ClientResponse.Builder, ClientResponse.Builder> change) {
        return Mono.fromSupplier(() -> change.apply(fresh()).build());
    }

    private static ResponseEntity<String> get(WebClient client, String... header) {
        var request = client.get().uri("http://there/hello");
        for (int i = 0; i < header.length; i += 2) {
            request.header(header[i], header[i + 1]);
        }
        return request.retrieve()
                .onStatus(status -> true, response -> Mono.empty())
                .toEntity(String.class)
                .block();
    }

    @Test
    void aStoredResponseAnswersWithItsAge() {
        WebClient client = client(server(response -> response.header("Age", "3")));

        get(client);
        timer.advanceTimeBy(Duration.ofSeconds(7));
        ResponseEntity<String> second = get(client);

        assertThat(calls).hasValue(1);
        assertThat(second.getBody()).isEqualTo("hello");
        assertThat(second.getHeaders().getFirst("Age")).isEqualTo("10");
        assertThat(second.getHeaders().getFirst("Cache-Status")).isEqualTo("calls; hit; ttl=50");
    }

    @Test
    void aHundredConcurrentCallsAreOne() {
        Sinks.One<ClientResponse> reply = Sinks.one();
        WebClient client = client(reply.asMono());
        List<CompletableFuture<String>> all = IntStream.range(0, 100)
                .mapToObj(i -> client.get()
                        .uri("http://there/hello")
                        .retrieve()
                        .bodyToMono(String.class)
                        .toFuture())
                .toList();

        reply.tryEmitValue(fresh().build()).orThrow();

        assertThat(calls).hasValue(1);
        assertThat(all).allSatisfy(each -> assertThat(each).isCompletedWithValue("hello"));
    }

    static Stream<Function<ClientResponse.Builder, ClientResponse.Builder>> neverStored() {
        return Stream.of(
                response -> response.headers(headers -> headers.remove("Cache-Control")),
                response -> response.headers(headers -> headers.setCacheControl("private, max-age=60")),
                response -> response.headers(headers -> headers.setCacheControl("no-store")),
                response -> response.headers(headers -> headers.setCacheControl("no-cache")),
                response -> response.header("Set-Cookie", "a=b"),
                response -> response.cookie("a", "b"),
                response -> response.header("Vary", "Authorization"),
                response -> response.statusCode(HttpStatus.NOT_FOUND),
                response -> response.statusCode(HttpStatus.PARTIAL_CONTENT),
                response -> response.headers(headers -> headers.set("Content-Type", "text/event-stream")),
                response -> response.body("x".repeat(1_001)));
    }

    @ParameterizedTest
    @MethodSource("neverStored")
    void whatMustNotBeStoredIsHandedOver(Function<ClientResponse.Builder, ClientResponse.Builder> change) {
        HttpCacheOptions options =
                HttpCacheOptions.defaults().withExplicitLifetimeOnly().withMaximumBody(1_000);
        WebClient client = client(CachedExchanges.of(cache).withPlainConnector().withOptions(options), server(change));

        ResponseEntity<String> first = get(client);
        get(client);

        assertThat(calls).hasValue(2);
        assertThat(first.getBody()).isIn("hello", "data:hello", "x".repeat(1_001));
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void callsWithCredentialsGoThrough() {
        WebClient client = client(server(response -> response));

        get(client);
        get(client, "Authorization", "Bearer x");

        assertThat(calls).hasValue(2);
    }

    @Test
    void directivesOfACallAreHonoured() {
        WebClient client = client(server(response -> response));

        assertThat(get(client, "Cache-Control", "only-if-cached").getStatusCode())
                .isEqualTo(HttpStatus.GATEWAY_TIMEOUT);
        get(client);
        get(client, "Cache-Control", "only-if-cached");
        assertThat(calls).hasValue(1);
        get(client, "Cache-Control", "no-cache");
        assertThat(calls).hasValue(2);
    }

    @Test
    void aResponseWhoseTagsAreNotValidIsHandedOver() {
        CachedExchanges tagged = CachedExchanges.of(cache)
                .withPlainConnector()
                .withOptions(HttpCacheOptions.defaults().withTagHeader("Cache-Tag"));
        WebClient client = client(tagged, server(response -> response.header("Cache-Tag", "good, b\u00e4d")));

        get(client);
        ResponseEntity<String> second = get(client);

        assertThat(calls).hasValue(2);
        assertThat(second.getBody()).isEqualTo("hello");
        assertThat(second.getHeaders().getFirst("Cache-Status")).isEqualTo("calls; fwd=uri-miss; detail=failed");
    }

    @Test
    void aBodyShorterThanItSaysIsHandedOver() {
        WebClient client = client(server(response -> response.header("Content-Length", "6")));

        get(client);

        assertThat(get(client).getBody()).isEqualTo("hello");
        assertThat(calls).hasValue(2);
    }

    @Test
    void aUriWithoutAServerGoesPastTheCache() {
        WebClient client = client(server(response -> response));

        for (int i = 0; i < 2; i++) {
            client.get()
                    .uri(URI.create("/hello"))
                    .retrieve()
                    .bodyToMono(String.class)
                    .block();
        }

        assertThat(calls).hasValue(2);
    }

    @Test
    void aCacheThatIsClosedFailsNoCall() {
        cache.close().block();
        WebClient client = client(server(response -> response));

        assertThat(get(client).getBody()).isEqualTo("hello");
    }

    @Test
    void everyBufferIsReleased() {
        NettyDataBufferFactory buffers = new NettyDataBufferFactory(new PooledByteBufAllocator(true));
        List<ByteBuf> made = new CopyOnWriteArrayList<>();
        Flux<DataBuffer> parts = Flux.range(0, 8).map(i -> {
            var buffer = buffers.allocateBuffer(64);
            buffer.write("0123456789", StandardCharsets.UTF_8);
            made.add(buffer.getNativeBuffer());
            return buffer;
        });
        Mono<ClientResponse> server = server(response -> response.body(parts));

        get(client(server));
        cache.invalidate("GET http://there/hello").block();
        CachedExchanges small = CachedExchanges.of(cache)
                .withPlainConnector()
                .withOptions(HttpCacheOptions.defaults().withMaximumBody(30));
        ResponseEntity<String> tooLong = get(client(small, server));

        assertThat(tooLong.getBody()).isEqualTo("0123456789".repeat(8));
        assertThat(made)
                .hasSize(16)
                .allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }
}
