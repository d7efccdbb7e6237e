package dev.reactivecache.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.RemoteHealth;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class CacheMetersTest {
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("docs/metrics.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(reactive\\.cache[a-z.]*)` \\| (\\w+) \\| ([^|]*) \\|", Pattern.MULTILINE);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeTier tier = new FakeServer(timer).connect();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("metered")
            .key(KeyCodec.ofString())
            .value(new PickyCodec())
            .timer(timer)
            .staleWhileRevalidate(Duration.ofMinutes(5))
            .remote(tier)
            .build();

    @Test
    void whatIsRegisteredIsWhatThePageSays() throws IOException {
        CacheMeters.bind(cache, registry);
        cache.getOrFetch("k", Mono.just("v")).block();
        timer.advanceTimeBy(Duration.ofMinutes(11));
        cache.getOrFetch("k", key -> Mono.just("v")).block();

        Set<String> registered = registry.getMeters().stream()
                .map(meter -> row(meter.getId().getName(), kindOf(meter), tagsOf(meter)))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> written = ROW.matcher(Files.readString(PAGE))
                .results()
                .filter(row -> !row.group(2).equals("span"))
                .map(row -> row(row.group(1), row.group(2), row.group(3)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(written).isEqualTo(registered);
    }

    private static String row(String name, String kind, String tags) {
        return name + " " + kind + " " + tags.replace("`", "").trim();
    }

    private static String kindOf(Meter meter) {
        return meter.getId().getType().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String tagsOf(Meter meter) {
        return meter.getId().getTags().stream().map(Tag::getKey).sorted().collect(Collectors.joining(", "));
    }

    @Test
    void theDashboardAsksForNothingThatIsNotRegistered() throws IOException {
        Set<String> known = ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1).replace('.', '_'))
                .collect(Collectors.toSet());
        String dashboard = Files.readString(PAGE.resolveSibling("metrics-dashboard.json"));

        Set<String> asked = Pattern.compile("reactive_cache_[a-z_]+")
                .matcher(dashboard)
                .results()
                .map(name -> name.group().replaceAll("(_seconds)?(_total|_sum|_count)$|_seconds$", ""))
                .collect(Collectors.toSet());

        assertThat(asked).hasSizeGreaterThan(10).isSubsetOf(known);
    }

    @Test
    void countersAndTimersFollowTheCache() {
        CacheMeters.bind(cache, registry);
        cache.getOrFetch("k", Mono.just("v")).block();
        cache.getOrFetch("k", Mono.just("v")).block();
        tier.fail(Op.READ);
        cache.getOrFetch("other", Mono.error(new IllegalStateException("down")))
                .onErrorComplete()
                .block();

        assertThat(registry.get("reactive.cache.hits")
                        .tag("tier", "local")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("reactive.cache.misses").functionCounter().count())
                .isEqualTo(2);
        assertThat(registry.get("reactive.cache.load")
                        .tag("outcome", "success")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("reactive.cache.load")
                        .tag("outcome", "error")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("reactive.cache.remote")
                        .tags("operation", "read", "outcome", "error")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("reactive.cache.local.size").gauge().value()).isEqualTo(1);
    }

    @Test
    void theLoadTimerHasTheTimeOfTheCachesClock() {
        CacheMeters.bind(cache, registry);

        cache.getOrFetch("k", Mono.delay(Duration.ofSeconds(2), timer).thenReturn("v"))
                .subscribe();
        timer.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(registry.get("reactive.cache.load").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
    }

    @Test
    void theStreamsSilenceIsAGaugeInSeconds() {
        CacheMeters.bind(cache, registry);

        tier.health(new RemoteHealth(true, true, Duration.ofMillis(250), null));
        assertThat(registry.get("reactive.cache.stream.silence").gauge().value())
                .isEqualTo(0.25);
        assertThat(registry.get("reactive.cache.stream.live").gauge().value()).isEqualTo(1);

        tier.health(new RemoteHealth(true, false, null, "cut"));
        assertThat(registry.get("reactive.cache.stream.silence").gauge().value())
                .isNaN();
        assertThat(registry.get("reactive.cache.stream.live").gauge().value()).isZero();
    }

    @Test
    void tagsAndClearsThatArePendingCountAsMuchAsKeys() {
        CacheMeters.bind(cache, registry);
        tier.fail(Op.END_GENERATION);

        cache.invalidateTag("red").onErrorComplete().block();
        cache.clear().onErrorComplete().block();

        assertThat(registry.get("reactive.cache.recovery.pending").gauge().value())
                .isEqualTo(2);
    }

    @Test
    void pendingRecoveriesAreAGauge() {
        CacheMeters.bind(cache, registry);
        tier.fail(Op.INVALIDATE);

        cache.invalidate("k").onErrorComplete().block();

        assertThat(registry.get("reactive.cache.recovery.pending").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void aCacheInMemoryHasNoMetersOfARemoteTier() {
        CacheMeters.bind(ReactiveCache.<String, String>builder("alone").build(), registry);

        assertThat(registry.getMeters())
                .noneMatch(meter -> meter.getId().getName().contains("remote")
                        || meter.getId().getTags().contains(Tag.of("tier", "remote"))
                        || meter.getId().getName().contains("stream"));
    }

    @Test
    void disposingRemovesAllMeters() {
        Disposable binding = CacheMeters.bind(cache, registry);
        cache.getOrFetch("k", Mono.just("v")).block();

        binding.dispose();
        cache.getOrFetch("other", Mono.just("v")).block();

        assertThat(registry.getMeters()).isEmpty();
    }
}
