package dev.reactivecache.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.PickyCodec;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

class CacheObservationsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeTier tier = new FakeServer(timer).connect();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<Observation.Context> stopped = new ArrayList<>();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("traced")
            .key(KeyCodec.ofString())
            .value(new PickyCodec())
            .timer(timer)
            .remote(tier)
            .build();

    @BeforeEach
    void observe() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        CacheObservations.bind(cache, registry);
    }

    @Test
    void loadsAndRemoteCallsAreChildrenOfTheCallersObservation() {
        Observation request = Observation.start("request", registry);

        cache.getOrFetch("k", Mono.just("v"))
                .contextWrite(Context.of("micrometer.observation", request))
                .block();

        assertThat(stopped)
                .extracting(Observation.Context::getContextualName)
                .containsExactly("read traced", "generation traced", "lease traced", "load traced", "fill traced");
        assertThat(stopped)
                .allSatisfy(
                        context -> assertThat(context.getParentObservation()).isSameAs(request))
                .allSatisfy(context -> assertThat(
                                context.getLowCardinalityKeyValue("outcome").getValue())
                        .isEqualTo("success"));
    }

    @Test
    void whatTheLoaderDoesIsAChildOfTheLoad() {
        List<Object> current = new ArrayList<>();

        cache.getOrFetch("k", Mono.deferContextual(context -> {
                    current.add(context.get("micrometer.observation"));
                    return Mono.just("v");
                }))
                .block();

        assertThat(current)
                .singleElement()
                .satisfies(inner ->
                        assertThat(((Observation) inner).getContext().getName()).isEqualTo("reactive.cache.load.span"));
    }

    @Test
    void aHitInMemoryMakesNoObservation() {
        cache.getOrFetch("k", Mono.just("v")).block();
        stopped.clear();

        cache.getOrFetch("k", Mono.just("v")).block();

        assertThat(stopped).isEmpty();
    }

    @Test
    void aFailedLoadHasItsError() {
        var failure = new IllegalStateException("down");

        cache.getOrFetch("k", Mono.error(failure)).onErrorComplete().block();

        assertThat(stopped)
                .filteredOn(context -> context.getName().equals("reactive.cache.load.span"))
                .singleElement()
                .satisfies(context -> assertThat(context.getError()).isSameAs(failure));
    }
}
