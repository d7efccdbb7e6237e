package dev.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.spring.test.AutoConfigureReactiveCacheTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.TestPropertySource;
import reactor.test.scheduler.VirtualTimeScheduler;

@TestPropertySource(properties = ShopIT.PROPERTIES)
@SpringBootTest
@AutoConfigureReactiveCacheTest
class CatalogTest {
    @Autowired
    private Catalog catalog;

    @Autowired
    private ProductRepository repository;

    @Autowired
    private VirtualTimeScheduler time;

    @Test
    void productIsReadAgainAfterTenMinutes() {
        catalog.find(42).block();
        catalog.find(42).block();
        assertThat(repository.reads()).isEqualTo(1);

        time.advanceTimeBy(Duration.ofMinutes(10));
        catalog.find(42).block();

        assertThat(repository.reads()).isEqualTo(2);
    }
}
