package dev.reactivecache.samples.catalog;

import dev.reactivecache.Cached;
import dev.reactivecache.ReactiveCache;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/** Answers requests out of the caches. Each method is one chain: request, cache, response. */
@Component
class AirportHandler {
    /** Says which tier answered: local, remote or loader. */
    static final String ORIGIN = "X-Cache";

    private final AirportRepository repository;
    private final ReactiveCache<Long, Airport> airports;
    private final ReactiveCache<String, List<Airport>> searches;

    AirportHandler(
            AirportRepository repository,
            ReactiveCache<Long, Airport> airports,
            ReactiveCache<String, List<Airport>> searches) {
        this.repository = repository;
        this.airports = airports;
        this.searches = searches;
    }

    Mono<ServerResponse> find(ServerRequest request) {
        return id(request).flatMap(id -> airports.lookup(id).flatMap(found -> answer("airport " + id, found)));
    }

    Mono<ServerResponse> save(ServerRequest request) {
        return Mono.zip(id(request), body(request))
                .map(input -> checked(input.getT1(), input.getT2()))
                .flatMap(airport -> repository.save(airport).transform(airports.writeThrough(airport.id())))
                .flatMap(saved -> ServerResponse.ok().bodyValue(saved));
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return id(request)
                .flatMap(id -> airports.deleteThrough(id, repository.deleteById(id)))
                .then(ServerResponse.noContent().build());
    }

    Mono<ServerResponse> search(ServerRequest request) {
        return query(request).flatMap(searches::lookup).flatMap(found -> answer("search", found));
    }

    private static Mono<ServerResponse> answer(String what, Cached<?> found) {
        String origin = found.origin().name().toLowerCase(Locale.ROOT);
        Object value = found.value();
        return value == null
                ? Problem.response(HttpStatus.NOT_FOUND, "There is no " + what, headers -> headers.set(ORIGIN, origin))
                : ServerResponse.ok().header(ORIGIN, origin).bodyValue(value);
    }

    private static Mono<Long> id(ServerRequest request) {
        String text = request.pathVariable("id");
        return Mono.fromCallable(() -> Long.valueOf(text))
                .filter(id -> id > 0)
                .onErrorComplete(NumberFormatException.class)
                .switchIfEmpty(Problem.error("The id must be a whole number above zero, not '" + text + "'"));
    }

    private static Mono<String> query(ServerRequest request) {
        String text = request.queryParam("q").orElse("").strip().toLowerCase(Locale.ROOT);
        return text.length() < 2 || text.length() > 50
                ? Problem.error("The parameter q must have 2 to 50 characters")
                : Mono.just(text);
    }

    private static Mono<Airport> body(ServerRequest request) {
        return request.bodyToMono(Airport.class)
                .onErrorMap(ServerWebInputException.class, Problem::ofBody)
                .switchIfEmpty(Problem.error("The body must be an airport"));
    }

    private static Airport checked(long id, Airport airport) {
        if (airport.id() != id) {
            throw new Problem("The id in the body (" + airport.id() + ") must be the one in the path (" + id + ")");
        }
        return airport;
    }
}
