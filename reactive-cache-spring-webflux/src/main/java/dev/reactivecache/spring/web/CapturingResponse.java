package dev.reactivecache.spring.web;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The response that a handler writes into while it is not yet known whether it is stored. It has none of the fields
 * that filters before it have set for their own client.
 */
final class CapturingResponse extends AbstractServerHttpResponse {
    private final ServerHttpResponse real;
    private final Writing writing;
    private final ClientTraces traces;

    /** What becomes of what the handler writes, once its head is complete. */
    interface Writing {
        Mono<Void> whole(Publisher<? extends DataBuffer> body);

        Mono<Void> streaming(Publisher<? extends Publisher<? extends DataBuffer>> body);
    }

    CapturingResponse(ServerHttpResponse real, Writing writing, ClientTraces traces) {
        super(real.bufferFactory(), new HttpHeaders());
        this.real = real;
        this.writing = writing;
        this.traces = traces;
    }

    /** Completes a head without a body, if the handler has not. */
    Mono<Void> complete() {
        return setComplete();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as the supertype has it
    public <T> T getNativeResponse() {
        traces.note("native-response"); // what is done to it is not known here
        return ServerHttpResponseDecorator.getNativeResponse(real);
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        return writing.whole(body);
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return writing.streaming(Flux.from(body));
    }

    @Override
    protected void applyStatusCode() {}

    @Override
    protected void applyHeaders() {}

    @Override
    protected void applyCookies() {}
}
