package dev.example;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.context.annotation.Bean;

/** The cache of products with a loader, which the properties cannot give it. */
class BuiltInCode {
    @Bean
    ReactiveCache<Long, Product> products(ReactiveCaches caches, ProductRepository repository) {
        return caches.builder("products", Long.class, Product.class)
                .loader(repository::findById)
                .build();
    }
}
