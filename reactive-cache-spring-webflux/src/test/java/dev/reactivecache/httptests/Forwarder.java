package dev.reactivecache.httptests;

import dev.reactivecache.spring.web.CachedResponses;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeFunctions;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/**
 * A server that hands every request on to the suite's own, and its response back: with {@link CachedResponses} in
 * front of that, or with a filter in the client that asks.
 */
final class Forwarder implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Fields of one connection (RFC 9110, section 7.6.1), and the host, which is another one. */
    private static final List<String> NOT_HANDED_ON =
            List.of("Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade", "Host");

    private final DisposableServer server;

    private Forwarder(HttpHandler handler) {
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow(PATIENCE);
    }

    /** Answers from a cache in front of the handler. */
    static Forwarder with(CachedResponses responses, URI origin) {
        ExchangeFunction client = client();
        return new Forwarder(WebHttpHandlerBuilder.webHandler(exchange -> forward(exchange, client, origin))
                .filter(responses)
                .build());
    }

    /** Answers from a cache in the client. */
    static Forwarder with(ExchangeFilterFunction cached, URI origin) {
        ExchangeFunction client = client().filter(cached);
        return new Forwarder(WebHttpHandlerBuilder.webHandler(exchange -> forward(exchange, client, origin))
                .build());
    }

    /** Opens a connection for each request: the suite's server closes idle ones just when they are used again. */
    private static ExchangeFunction client() {
        HttpClient client = HttpClient.create(ConnectionProvider.newConnection());
        return ExchangeFunctions.create(
                new ReactorClientHttpConnector(client.disableRetry(true).responseTimeout(PATIENCE)));
    }

    private static Mono<Void> forward(ServerWebExchange exchange, ExchangeFunction client, URI origin) {
        return client.exchange(toOrigin(exchange.getRequest(), origin))
                .flatMap(response -> write(response, exchange.getResponse()))
                .onErrorResume(WebClientRequestException.class, unreachable -> {
                    exchange.getResponse().setStatusCode(HttpStatus.BAD_GATEWAY);
                    return exchange.getResponse().setComplete();
                });
    }

    private static ClientRequest toOrigin(ServerHttpRequest request, URI origin) {
        URI target = UriComponentsBuilder.fromUri(request.getURI())
                .host(origin.getHost())
                .port(origin.getPort())
                .build(true)
                .toUri();
        ClientRequest.Builder forwarded = ClientRequest.create(request.getMethod(), target)
                .headers(headers -> handOn(request.getHeaders(), headers));
        boolean hasBody = request.getHeaders().getContentLength() > 0
                || request.getHeaders().containsHeader(HttpHeaders.TRANSFER_ENCODING);
        return (hasBody ? forwarded.body(BodyInserters.fromDataBuffers(request.getBody())) : forwarded).build();
    }

    /** All but those of one connection, among them what that says itself. */
    private static void handOn(HttpHeaders from, HttpHeaders to) {
        Set<String> left = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        left.addAll(NOT_HANDED_ON);
        left.addAll(from.getConnection());
        from.forEach((name, values) -> {
            if (!left.contains(name)) {
                values.forEach(value -> to.add(name, value));
            }
        });
    }

    private static Mono<Void> write(ClientResponse from, ServerHttpResponse to) {
        to.setStatusCode(from.statusCode());
        handOn(from.headers().asHttpHeaders(), to.getHeaders());
        return to.writeWith(from.bodyToFlux(DataBuffer.class));
    }

    String address() {
        return "http://127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
    }
}
