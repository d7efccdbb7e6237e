package dev.reactivecache.spring.actuate;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCaches;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;

/**
 * Health of all caches. A cache without its Redis answers from the source, so it is not {@code DOWN}: it is
 * {@code DEGRADED}, a status that keeps the application in service unless it is mapped otherwise.
 */
final class CachesHealthIndicator extends AbstractReactiveHealthIndicator {
    static final Status DEGRADED = new Status("DEGRADED", "a cache has no remote tier or no word of its changes");

    private final ReactiveCaches caches;

    CachesHealthIndicator(ReactiveCaches caches) {
        this.caches = caches;
    }

    @Override
    protected Mono<Health> doHealthCheck(Health.Builder builder) {
        return Mono.fromSupplier(() -> {
            Map<String, Object> details = new TreeMap<>();
            Status status = Status.UP;
            for (ReactiveCache<?, ?> cache : caches.all()) {
                CacheHealth health = cache.health();
                details.put(health.cache(), CacheReport.details(health));
                status = worse(status, health.status());
            }
            return builder.status(status).withDetails(details).build();
        });
    }

    private static Status worse(Status soFar, CacheHealth.Status cache) {
        return switch (cache) {
            case UP -> soFar;
            case DEGRADED, DISCONNECTED -> soFar.equals(Status.DOWN) ? soFar : DEGRADED;
            case CLOSED -> Status.DOWN;
        };
    }
}
