package dev.reactivecache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.WarmOptions;
import dev.reactivecache.WarmReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Reading keys before anybody asks for them. */
class WarmTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<Set<Integer>> asked = new ArrayList<>();
    private final List<WarmReport> progress = new ArrayList<>();
    private final List<WarmReport> reports = new ArrayList<>();
    private Mono<Void> gate = Mono.empty();
    private final ReactiveCache<Integer, String> cache = ReactiveCache.<Integer, String>builder("warm")
            .timer(timer)
            .bulkLoader(this::load)
            .build();

    private Mono<Map<Integer, String>> load(Set<Integer> keys) {
        asked.add(keys);
        if (keys.contains(13)) {
            return Mono.error(new IllegalStateException("13"));
        }
        Map<Integer, String> values = new HashMap<>();
        keys.stream().filter(key -> key != 7).forEach(key -> values.put(key, "v" + key));
        return gate.thenReturn(values);
    }

    private static WarmOptions options() {
        return WarmOptions.defaults().withStepSize(5).withKeysPerSecond(5);
    }

    @Test
    void goesOnOverFailuresAndReports() {
        cache.warm(Flux.range(0, 20), options().withProgress(progress::add)).subscribe(reports::add);

        timer.advanceTimeBy(Duration.ofSeconds(10));

        WarmReport report = reports.get(0);
        assertThat(List.of(report.found(), report.absent(), report.failed())).containsExactly(14L, 1L, 5L);
        assertThat(report.firstFailure()).hasMessage("13");
        assertThat(report.took()).isEqualTo(Duration.ofSeconds(4));
        assertThat(progress).extracting(WarmReport::keys).containsExactly(5L, 10L, 15L, 20L);
        assertThat(cache.get(4).block()).isEqualTo("v4");
    }

    @Test
    void stepsBeginNoFasterThanTheRate() {
        cache.warm(Flux.range(0, 1_000), options()).subscribe();

        timer.advanceTimeBy(Duration.ofMillis(3_500));

        assertThat(asked).hasSize(3);
    }

    @Test
    void noMoreStepsAreUnderWayThanWereAllowed() {
        Sinks.Empty<Void> held = Sinks.empty();
        gate = held.asMono();
        cache.warm(Flux.range(100, 1_000), options().withStepsAtOnce(2)).subscribe();

        timer.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(asked).hasSize(2);

        held.tryEmitEmpty().orThrow();
        timer.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(asked).hasSizeGreaterThan(2);
    }

    @Test
    void noKeysMakeAnEmptyReport() {
        cache.warm(Flux.empty(), options()).subscribe(reports::add);

        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report.keys()).isZero());
    }

    @Test
    void needsALoaderOfTheBuilder() {
        ReactiveCache<Integer, String> without =
                ReactiveCache.<Integer, String>builder("without").build();

        assertThatThrownBy(() -> without.warm(Flux.just(1), options())).isInstanceOf(IllegalStateException.class);
    }
}
