package dev.example;

import dev.reactivecache.spring.cache.ReactiveCacheInvalidate;
import dev.reactivecache.spring.cache.ReactiveCacheable;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Mono;

@Service
class Catalog {
    private final ProductRepository repository;

    Catalog(ProductRepository repository) {
        this.repository = repository;
    }

    @ReactiveCacheable(cache = "products", unless = "#result.draft()")
    Mono<Product> find(long id) {
        return repository.findById(id);
    }

    @ReactiveCacheInvalidate(cache = "products", key = "#product.id()")
    Mono<Product> save(Product product) {
        return repository.save(product);
    }
}
