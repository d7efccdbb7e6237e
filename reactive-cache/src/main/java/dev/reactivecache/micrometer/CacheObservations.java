package dev.reactivecache.micrometer;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.observe.Outcome;
import dev.reactivecache.observe.RemoteOperation;
import dev.reactivecache.observe.Watch;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Makes observations, and so spans where there is a tracer, of a cache's loads and of its calls of the remote tier; a
 * hit in memory makes none. Each is a child of the observation in the caller's Reactor Context, and stands there in its
 * place for what happens within it.
 */
public final class CacheObservations implements CacheObserver {
    /** Under which Micrometer keeps the current observation in a Reactor Context. */
    private static final String CURRENT = "micrometer.observation";

    private final String cache;
    private final ObservationRegistry registry;

    private CacheObservations(String cache, ObservationRegistry registry) {
        this.cache = cache;
        this.registry = registry;
    }

    /**
     * Observes a cache.
     *
     * @return what ends that
     */
    public static Disposable bind(ReactiveCache<?, ?> cache, ObservationRegistry registry) {
        requireNonNull(cache, "cache");
        return cache.observe(new CacheObservations(cache.name(), requireNonNull(registry, "registry")));
    }

    @Override
    public Watch onLoad(ContextView context) {
        return begin("reactive.cache.load.span", "load " + cache, null, context);
    }

    @Override
    public Watch onRemote(RemoteOperation operation, ContextView context) {
        String name = CacheMeters.lowerCase(operation);
        return begin("reactive.cache.remote.span", name + " " + cache, name, context);
    }

    private Watch begin(String name, String contextualName, @Nullable String operation, ContextView context) {
        if (registry.isNoop()) {
            return Watch.none();
        }
        Observation observation = Observation.createNotStarted(name, registry)
                .contextualName(contextualName)
                .lowCardinalityKeyValue("cache", cache);
        if (operation != null) {
            observation.lowCardinalityKeyValue("operation", operation);
        }
        if (context.getOrDefault(CURRENT, null) instanceof Observation parent) {
            observation.parentObservation(parent);
        }
        return new Span(observation.start());
    }

    private record Span(Observation observation) implements Watch {
        @Override
        public Context within(Context context) {
            return context.put(CURRENT, observation);
        }

        @Override
        public void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {
            observation.lowCardinalityKeyValue("outcome", CacheMeters.lowerCase(outcome));
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        }
    }
}
