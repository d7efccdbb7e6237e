package dev.example;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Mono;

/** Prices, by Spring's own annotations. All instances share what they are read from. */
@Service
class PriceList {
    private static final Map<String, BigDecimal> ROWS = new ConcurrentHashMap<>();

    private final AtomicInteger reads = new AtomicInteger();

    @Cacheable(cacheNames = "prices", sync = true)
    public Mono<BigDecimal> find(String article) {
        return Mono.fromSupplier(() -> {
            reads.incrementAndGet();
            return ROWS.getOrDefault(article, BigDecimal.ONE);
        });
    }

    @CacheEvict(cacheNames = "prices", key = "#article")
    public Mono<Void> change(String article, BigDecimal price) {
        return Mono.fromRunnable(() -> ROWS.put(article, price));
    }

    int reads() {
        return reads.get();
    }
}
