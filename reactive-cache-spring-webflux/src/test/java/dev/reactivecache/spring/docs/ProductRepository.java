package dev.reactivecache.spring.docs;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Where the documented application keeps its products. */
@Repository
class ProductRepository {
    private final Map<Long, Product> rows = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();

    Mono<Product> findById(long id) {
        return Mono.fromSupplier(() -> {
            reads.incrementAndGet();
            return rows.getOrDefault(id, new Product(id, "new", false));
        });
    }

    Mono<Product> save(Product product) {
        return Mono.fromSupplier(() -> {
            rows.put(product.id(), product);
            return product;
        });
    }

    int reads() {
        return reads.get();
    }
}
