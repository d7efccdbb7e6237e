package dev.reactivecache.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheStats;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.samples.catalog.Measurements.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class DemoReportTest {

    @Test
    void tableSetsWhatClientsSawBesideWhatCachesCounted() {
        Measurements node = new Measurements();
        node.succeeded(Kind.LOAD, 8_000_000);
        node.succeeded(Kind.LOCAL_HIT, 1_000_000);
        node.succeeded(Kind.LOCAL_HIT, 1_000_000);
        node.succeeded(Kind.WRITE, 2_000_000);

        String table = DemoReport.of(List.of(node, node), List.of(oneLoadTwoHits(), oneLoadTwoHits()))
                .toString()
                .replaceAll(" +", " ");

        assertThat(table.lines())
                .contains("requests 4 4 8 100.0 of requests")
                .contains(" reads 3 3 6 75.0 of requests")
                .contains("L1 hits 2 2 4 66.7 of reads")
                .contains("loads 1 1 2 33.3 of reads")
                .contains("latency p50, ms 1.00 1.00 1.00")
                .contains(" p50 of loads 8.00 8.00 8.00");
    }

    @Test
    void failuresAreCountedAndTheFirstIsKept() {
        Measurements node = new Measurements();
        node.failed(new IllegalStateException("first"));
        node.failed(new IllegalStateException("second"));

        Measurements total = Measurements.total(List.of(new Measurements(), node));

        assertThat(total.failures()).isEqualTo(2);
        assertThat(total.firstFailure()).contains("first");
        assertThat(total.requests()).isZero();
    }

    private static CacheStats oneLoadTwoHits() {
        ReactiveCache<String, String> cache =
                ReactiveCache.<String, String>builder("report").build();
        for (int i = 0; i < 3; i++) {
            cache.getOrFetch("key", Mono.just("value")).block();
        }
        CacheStats stats = cache.stats();
        cache.close().block();
        return stats;
    }
}
