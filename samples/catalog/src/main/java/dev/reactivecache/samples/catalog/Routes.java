package dev.reactivecache.samples.catalog;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.spring.InvalidationStream;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What is where. */
@Configuration(proxyBeanMethods = false)
class Routes {
    private static final String INDEX = """
            Airports behind a cache

            GET    /{id}           an airport; the header X-Cache says who answered: local, remote or loader
            PUT    /{id}           write one, to the database and through the cache
            DELETE /{id}           delete one, in both
            GET    /search?q=...   by name, town or code
            GET    /invalidations  what leaves the cache, as server-sent events
            GET    /stats          counters of this node's caches

            Try /2434 and /search?q=zurich
            """;

    @Bean
    RouterFunction<ServerResponse> catalog(
            AirportHandler handler,
            ReactiveCache<Long, Airport> airports,
            ReactiveCache<String, List<Airport>> searches) {
        return route().GET(
                        "/",
                        request -> ServerResponse.ok()
                                .contentType(MediaType.TEXT_PLAIN)
                                .bodyValue(INDEX))
                .GET("/search", handler::search)
                .GET("/invalidations", InvalidationStream.of(airports))
                .GET(
                        "/stats",
                        request -> ServerResponse.ok()
                                .bodyValue(Map.of("airports", airports.stats(), "searches", searches.stats())))
                .GET("/{id}", handler::find)
                .PUT("/{id}", handler::save)
                .DELETE("/{id}", handler::delete)
                .onError(Problem.class, Problem::response)
                .onError(RemoteTierException.class, Problem::unavailable)
                .onError(UncertainWriteException.class, Problem::unavailable)
                .build();
    }
}
