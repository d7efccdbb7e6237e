package dev.reactivecache.spring.web;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A filter with a cache of its own, and an endpoint behind it that counts its calls. */
abstract class CachedResponsesFixture {
    final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    final ReactiveCache<String, StoredResponse> cache =
            CachedResponses.cache("http").timer(timer).jitter(0).build();
    final CachedResponses responses = CachedResponses.of(cache, "/**");
    final AtomicInteger calls = new AtomicInteger();

    /** Answers a request, and may look at it. */
    interface Endpoint {
        Mono<ServerResponse> answer(ServerRequest request);
    }

    static Mono<ServerResponse> plain(ServerRequest request) {
        return ServerResponse.ok().bodyValue("hello");
    }

    WebTestClient client(Endpoint endpoint) {
        return client(responses, endpoint);
    }

    WebTestClient client(CachedResponses filter, Endpoint endpoint) {
        var routes = route(request -> true, request -> {
            calls.incrementAndGet();
            return endpoint.answer(request);
        });
        return WebTestClient.bindToRouterFunction(routes).webFilter(filter).build();
    }

    static EntityExchangeResult<String> get(WebTestClient client, String... header) {
        var request = client.get().uri("/hello");
        for (int i = 0; i < header.length; i += 2) {
            request.header(header[i], header[i + 1]);
        }
        return request.exchange().expectBody(String.class).returnResult();
    }

    static String status(EntityExchangeResult<?> result) {
        return result.getResponseHeaders().getFirst("Cache-Status");
    }
}
