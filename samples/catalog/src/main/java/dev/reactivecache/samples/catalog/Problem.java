package dev.reactivecache.samples.catalog;

import java.io.Serial;
import java.util.function.Consumer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/** A request that cannot be served as it is. Answered as problem JSON (RFC 9457). */
final class Problem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    Problem(String detail) {
        super(detail, null, false, false);
    }

    /** What is wrong with a body, in our own words where they are ours. */
    static Problem ofBody(ServerWebInputException e) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
        return new Problem("The body is not an airport"
                + (cause instanceof IllegalArgumentException ? ": " + cause.getMessage() : " in JSON"));
    }

    static <T> Mono<T> error(String detail) {
        return Mono.error(() -> new Problem(detail));
    }

    /** Answers with status 400. */
    static Mono<ServerResponse> response(Problem problem, ServerRequest request) {
        return response(HttpStatus.BAD_REQUEST, String.valueOf(problem.getMessage()), headers -> {});
    }

    /**
     * A write that Redis did not acknowledge. Writes here are idempotent, so the client may repeat it until it is done.
     */
    static Mono<ServerResponse> unavailable(Throwable failure, ServerRequest request) {
        return response(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The write did not reach the caches: repeat it",
                headers -> headers.set(HttpHeaders.RETRY_AFTER, "1"));
    }

    static Mono<ServerResponse> response(HttpStatus status, String detail, Consumer<HttpHeaders> headers) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .headers(headers)
                .bodyValue(ProblemDetail.forStatusAndDetail(status, detail));
    }
}
