package dev.example;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Stands for a client of the one database that all instances of the application share. */
@Repository
class ProductRepository {
    private static final Map<Long, Product> ROWS = new ConcurrentHashMap<>();

    private final AtomicInteger reads = new AtomicInteger();

    Mono<Product> findById(long id) {
        return Mono.fromSupplier(() -> {
            reads.incrementAndGet();
            return ROWS.getOrDefault(id, new Product(id, "new", false));
        });
    }

    Mono<Product> save(Product product) {
        return Mono.fromSupplier(() -> {
            ROWS.put(product.id(), product);
            return product;
        });
    }

    int reads() {
        return reads.get();
    }
}
