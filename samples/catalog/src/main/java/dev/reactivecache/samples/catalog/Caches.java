package dev.reactivecache.samples.catalog;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.JacksonCodec;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.type.TypeReference;

/** The caches. Both share Redis with the other nodes, where there is one, and live in memory where there is none. */
@Configuration(proxyBeanMethods = false)
class Caches {

    /** Airports by number. Writes go through it, so it may keep them for long. */
    @Bean(destroyMethod = "close")
    ReactiveCache<Long, Airport> airports(
            AirportRepository repository, ObjectProvider<RedisTier> redis, CatalogProperties catalog) {
        ReactiveCacheBuilder<Long, Airport> builder = ReactiveCache.<Long, Airport>builder("airports")
                .key(KeyCodec.ofLong())
                .value(JacksonCodec.of(Airport.class))
                .local(LocalTier.maximumSize(catalog.localSize()))
                .ttl(Duration.ofMinutes(10))
                .absentTtl(Duration.ofMinutes(1))
                .loader(repository::findById)
                .bulkLoader(repository::findAllById);
        redis.ifAvailable(builder::remote);
        return builder.build();
    }

    /**
     * What a search found. Nobody can tell which searches a write changes, so these are kept for a short while only.
     */
    @Bean(destroyMethod = "close")
    ReactiveCache<String, List<Airport>> searches(AirportRepository repository, ObjectProvider<RedisTier> redis) {
        ReactiveCacheBuilder<String, List<Airport>> builder = ReactiveCache.<String, List<Airport>>builder("searches")
                .key(KeyCodec.ofString())
                .value(JacksonCodec.of(new TypeReference<List<Airport>>() {}))
                .local(LocalTier.maximumSize(500))
                .ttl(Duration.ofSeconds(15))
                .loader(repository::search);
        redis.ifAvailable(builder::remote);
        return builder.build();
    }
}
