package dev.example;

import dev.reactivecache.ReactiveCache;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Mono;

/** The same without annotations. */
interface DirectUse {
    @Service
    class Catalog {
        private final ReactiveCache<Long, Product> products;
        private final ProductRepository repository;

        Catalog(ReactiveCache<Long, Product> products, ProductRepository repository) {
            this.products = products;
            this.repository = repository;
        }

        Mono<Product> find(long id) {
            return products.getOrFetch(id, repository::findById);
        }
    }
}
