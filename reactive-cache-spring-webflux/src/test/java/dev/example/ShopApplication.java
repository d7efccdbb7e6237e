package dev.example;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.spring.InvalidationStream;
import dev.reactivecache.spring.web.CachedResponses;
import dev.reactivecache.spring.web.StoredResponse;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** An application written from the pages in docs alone. */
@SpringBootApplication
@EnableCaching
class ShopApplication {

    @Configuration(proxyBeanMethods = false)
    static class Responses {
        @Bean
        ReactiveCache<String, StoredResponse> responses(ObjectProvider<RedisTier> redis) {
            var builder = CachedResponses.cache("responses").ttl(Duration.ofMinutes(5));
            redis.ifAvailable(builder::remote);
            return builder.build();
        }

        @Bean
        CachedResponses cachedResponses(ReactiveCache<String, StoredResponse> responses) {
            return CachedResponses.of(responses, "/pages/**");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Web {
        @Bean
        RouterFunction<ServerResponse> routing(ReactiveCache<Long, Product> products, ProductRepository repository) {
            return routes(products, repository);
        }

        RouterFunction<ServerResponse> routes(ReactiveCache<Long, Product> products, ProductRepository repository) {
            return RouterFunctions.route()
                    .GET(
                            "/products/invalidations",
                            InvalidationStream.of(products)) // before the pattern that matches it, too
                    .GET(
                            "/products/{id}",
                            request -> products.getOrFetch(id(request), repository::findById)
                                    .flatMap(product -> ServerResponse.ok().bodyValue(product))
                                    .switchIfEmpty(ServerResponse.notFound().build()))
                    .PUT(
                            "/products/{id}",
                            request -> request.bodyToMono(Product.class)
                                    .flatMap(product -> products.writeThrough(id(request), repository.save(product)))
                                    .flatMap(product -> ServerResponse.ok().bodyValue(product)))
                    .build();
        }

        private static long id(ServerRequest request) {
            return Long.parseLong(request.pathVariable("id"));
        }
    }
}
