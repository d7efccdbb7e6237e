package dev.reactivecache.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class WarmerIT {
    private static final int WARM = 300;
    private static final long HEATHROW = 2434;

    @Test
    void aStartedNodeReadsTheLargestAirportsAndNoOthers() {
        try (Node node = Node.start(0, Map.of("catalog.warm", WARM, "logging.level.root", "warn"))) {
            Mono.delay(Duration.ofMillis(50))
                    .repeat(() -> node.stats().localSize() < WARM)
                    .blockLast(Duration.ofSeconds(20));

            assertThat(node.stats().localSize()).isEqualTo(WARM);
            assertThat(node.airports().peek(HEATHROW).map(Cached::origin).block())
                    .isEqualTo(Cached.Origin.LOCAL);
        }
    }

    @Test
    void withoutTheSettingNothingIsRead() {
        try (Node node = Node.start(0, Map.of("logging.level.root", "warn"))) {
            assertThat(node.stats().loads()).isZero();
        }
    }
}
