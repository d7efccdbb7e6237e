package dev.reactivecache.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Jitter applies to everything that is stored, in each tier, each time: what was stored together ends apart. */
class JitterTest {
    private static final int KEYS = 200;

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    private ReactiveCacheBuilder<Integer, String> builder() {
        return ReactiveCache.<Integer, String>builder("jittered")
                .timer(timer)
                .ttl(Duration.ofSeconds(20))
                .jitter(0.25);
    }

    private ReactiveCacheBuilder<Integer, String> shared(FakeTier tier) {
        return builder().key(KeyCodec.ofInt()).value(ValueCodec.ofString()).remote(tier);
    }

    private static void assertSpread(Set<Duration> lives, Duration longest) {
        assertThat(lives).as("different lives").hasSizeGreaterThan(KEYS * 9 / 10);
        assertThat(lives)
                .allSatisfy(life ->
                        assertThat(life).isBetween(longest.multipliedBy(75).dividedBy(100), longest));
        assertThat(lives)
                .as("short ones")
                .anyMatch(life -> life.compareTo(longest.multipliedBy(4).dividedBy(5)) < 0);
        assertThat(lives)
                .as("long ones")
                .anyMatch(life -> life.compareTo(longest.multipliedBy(19).dividedBy(20)) > 0);
    }

    private static Duration remaining(ReactiveCache<Integer, String> cache, int key) {
        return cache.lookup(key, same -> Mono.just("v")).block().remainingTtl();
    }

    @Test
    void loadedPutAndWrittenValuesInMemoryEndApart() {
        ReactiveCache<Integer, String> cache = builder().build();
        Set<Duration> loaded = new HashSet<>();
        Set<Duration> put = new HashSet<>();
        Set<Duration> written = new HashSet<>();
        for (int key = 0; key < KEYS; key++) {
            loaded.add(remaining(cache, key));
            cache.put(key, "v").block();
            put.add(remaining(cache, key));
            cache.writeThrough(key, Mono.just("v")).block();
            written.add(remaining(cache, key));
        }

        assertSpread(loaded, Duration.ofSeconds(20));
        assertSpread(put, Duration.ofSeconds(20));
        assertSpread(written, Duration.ofSeconds(20));
    }

    @Test
    void oneKeyGetsAnotherLifeWithEachFill() {
        ReactiveCache<Integer, String> cache = builder().build();
        Set<Duration> lives = new HashSet<>();

        for (int fill = 0; fill < KEYS; fill++) {
            cache.invalidate(1).block();
            lives.add(remaining(cache, 1));
        }

        assertSpread(lives, Duration.ofSeconds(20));
    }

    @Test
    void loadedPutAndWrittenValuesInTheRemoteTierEndApart() {
        FakeServer server = new FakeServer(timer);
        ReactiveCache<Integer, String> cache = shared(server.connect()).build();
        Set<Duration> loaded = new HashSet<>();
        Set<Duration> put = new HashSet<>();
        Set<Duration> written = new HashSet<>();
        for (int key = 0; key < KEYS; key++) {
            String text = String.valueOf(key);
            cache.getOrFetch(key, Mono.just("v")).block();
            loaded.add(server.remaining(text));
            cache.put(key, "v").block();
            put.add(server.remaining(text));
            cache.writeThrough(key, Mono.just("v")).block();
            written.add(server.remaining(text));
        }

        assertSpread(loaded, Duration.ofSeconds(20));
        assertSpread(put, Duration.ofSeconds(20));
        assertSpread(written, Duration.ofSeconds(20));
    }

    @Test
    void copiesOfOneEntryOnManyNodesEndApartAndNotAfterIt() {
        FakeServer server = new FakeServer(timer);
        server.storeSilently("1", "v", Duration.ofSeconds(8));
        Set<Duration> copies = new HashSet<>();

        for (int node = 0; node < KEYS; node++) {
            copies.add(remaining(shared(server.connect()).build(), 1));
        }

        assertSpread(copies, Duration.ofSeconds(8));
    }

    @Test
    void theCopyOfTheNodeThatLoadedDoesNotOutliveTheEntry() {
        FakeServer server = new FakeServer(timer);
        ReactiveCache<Integer, String> cache = shared(server.connect()).build();

        for (int key = 0; key < KEYS; key++) {
            Duration copy = remaining(cache, key);

            assertThat(copy).isLessThanOrEqualTo(server.remaining(String.valueOf(key)));
        }
    }
}
