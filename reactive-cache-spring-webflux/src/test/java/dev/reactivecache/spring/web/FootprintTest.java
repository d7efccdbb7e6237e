package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.ReactiveCache;
import java.lang.ref.Reference;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

/** What responses weigh is what they take. */
class FootprintTest {
    private static final DataSize BOUND = DataSize.ofMegabytes(8);

    private static StoredResponse response(int i, int length) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Cache-Control", "max-age=" + (60 + i));
        headers.set("ETag", EntityTags.of(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)}));
        headers.set("Vary", "Accept");
        return new StoredResponse(200, headers, new byte[length], new Freshness(Duration.ofSeconds(60), Duration.ZERO));
    }

    private static long used() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) { // what is referred to weakly goes with the second
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 2_000})
    void aFullCacheTakesNoMoreThanItsBound(int length) {
        CacheKeys keys = new CacheKeys(HttpCacheOptions.defaults());
        long before = used();
        ReactiveCache<String, StoredResponse> cache = CachedResponses.cache("full")
                .local(CachedResponses.memory(BOUND))
                .build();
        for (int i = 0; i < BOUND.toBytes() / (600 + length); i++) {
            String uri = "https://shop.example/products/" + i + "?page=1";
            cache.put("GET " + uri, response(i, length), EntryOptions.defaults().withTags(keys.tag(URI.create(uri))))
                    .block();
        }

        long taken = used() - before;

        assertThat((double) taken / BOUND.toBytes())
                .as("%,d bytes by %s", taken, cache.stats())
                .isBetween(0.5, 1.1);
        Reference.reachabilityFence(cache);
    }
}
