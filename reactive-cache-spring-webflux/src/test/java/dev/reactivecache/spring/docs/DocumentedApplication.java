package dev.reactivecache.spring.docs;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.InvalidationStream;
import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** An application written from docs/spring.md alone. */
@SpringBootApplication
class DocumentedApplication {

    @Configuration(proxyBeanMethods = false)
    static class Caches {
        @Bean
        ReactiveCache<Long, Product> products(ReactiveCaches caches, ProductRepository repository) {
            return caches.builder("products", Long.class, Product.class)
                    .loader(repository::findById)
                    .build();
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
                            "/products/{id}",
                            request -> products.getOrFetch(id(request))
                                    .flatMap(product -> ServerResponse.ok().bodyValue(product))
                                    .switchIfEmpty(ServerResponse.notFound().build()))
                    .PUT(
                            "/products/{id}",
                            request -> request.bodyToMono(Product.class)
                                    .flatMap(product -> products.writeThrough(id(request), repository.save(product)))
                                    .flatMap(product -> ServerResponse.ok().bodyValue(product)))
                    .GET("/products/invalidations", InvalidationStream.of(products))
                    .build();
        }

        private static long id(ServerRequest request) {
            return Long.parseLong(request.pathVariable("id"));
        }
    }
}
