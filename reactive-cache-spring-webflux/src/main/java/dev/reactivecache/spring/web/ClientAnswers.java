package dev.reactivecache.spring.web;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.spring.web.ResponseStore.Found;
import dev.reactivecache.spring.web.ResponseStore.Source;
import java.nio.ByteBuffer;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.publisher.Flux;

/** Answers a call with a stored response: with its head, all of it, a part, or that the caller has it already. */
final class ClientAnswers {
    private final CallRules rules;

    ClientAnswers(CallRules rules) {
        this.rules = rules;
    }

    ClientResponse to(ClientRequest request, Found found) {
        StoredResponse stored = requireNonNull(found.response());
        ClientResponse.Builder response =
                stored.toClient(rules.strategies().get()).request(new AnsweredRequest(request));
        shape(response, request, stored);
        return response.headers(headers -> {
                    if (rules.options().sharesSetCookie()) {
                        ClientHead.add(headers, stored.cookies());
                    }
                    if (found.source() == Source.HIT || !found.age().isZero()) {
                        headers.set(HttpHeaders.AGE, Long.toString(found.age().toSeconds()));
                    }
                    rules.status().answered(headers, found);
                })
                .build();
    }

    private static void shape(ClientResponse.Builder response, ClientRequest request, StoredResponse stored) {
        if (Conditions.areIn(request.headers()) && Conditions.areMet(request.headers(), stored)) {
            response.statusCode(HttpStatus.NOT_MODIFIED).body(Flux.empty()).headers(headers -> {
                headers.remove(HttpHeaders.CONTENT_TYPE);
                headers.remove(HttpHeaders.CONTENT_LENGTH);
            });
        } else if (HttpMethod.HEAD.equals(request.method())) {
            response.body(Flux.empty());
        } else {
            ByteRange range = ByteRange.of(request.headers(), stored);
            if (range != null) {
                cut(response, stored, range);
            }
        }
    }

    private static void cut(ClientResponse.Builder response, StoredResponse stored, ByteRange range) {
        boolean satisfiable = range.isSatisfiable();
        int length = satisfiable ? range.length() : 0;
        response.statusCode(satisfiable ? HttpStatus.PARTIAL_CONTENT : HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                .headers(headers -> {
                    headers.set(HttpHeaders.CONTENT_RANGE, range.contentRange());
                    headers.setContentLength(length);
                })
                .body(satisfiable ? Flux.defer(() -> Flux.just(part(stored, range))) : Flux.empty());
    }

    private static DataBuffer part(StoredResponse stored, ByteRange range) {
        ByteBuffer bytes = ByteBuffer.wrap(stored.body(), range.first(), range.length());
        return DefaultDataBufferFactory.sharedInstance.wrap(bytes.slice().asReadOnlyBuffer());
    }
}
