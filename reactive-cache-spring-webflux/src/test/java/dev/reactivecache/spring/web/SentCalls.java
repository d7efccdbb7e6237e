package dev.reactivecache.spring.web;

import java.util.function.Function;
import org.springframework.mock.http.client.reactive.MockClientHttpRequest;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import reactor.core.publisher.Mono;

/** A server that is asked as a real one is: the request is written before it answers. */
final class SentCalls {
    private SentCalls() {}

    static ExchangeFunction to(Function<ClientRequest, Mono<ClientResponse>> server) {
        return request -> request.writeTo(
                        new MockClientHttpRequest(request.method(), request.url()), ExchangeStrategies.withDefaults())
                .then(Mono.defer(() -> server.apply(request)));
    }
}
