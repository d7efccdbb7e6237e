package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTier;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * One {@link RedisTier} for all caches of an application, if {@code reactive-cache.redis.uri} is set and the application
 * has no tier of its own. It connects in the background: Redis need not be there at start-up. The context closes it after
 * the beans that use it.
 *
 * <p>Caches are the application's to build:
 *
 * <pre>{@code
 * @Bean
 * ReactiveCache<Long, Product> products(ObjectProvider<RedisTier> redis, ProductRepository repository) {
 *     ReactiveCacheBuilder<Long, Product> builder = ReactiveCache.<Long, Product>builder("products")
 *             .key(KeyCodec.ofLong())
 *             .value(JacksonCodec.of(Product.class))
 *             .loader(repository::findById);
 *     redis.ifAvailable(builder::remote);
 *     return builder.build();
 * }
 * }</pre>
 */
@AutoConfiguration
@EnableConfigurationProperties(RedisProperties.class)
public final class ReactiveCacheAutoConfiguration {

    /** For Spring. */
    ReactiveCacheAutoConfiguration() {}

    @Bean
    @ConditionalOnProperty("reactive-cache.redis.uri")
    @ConditionalOnMissingBean(RedisTier.class)
    RedisTierBean redisTier(RedisProperties redis) {
        try {
            return new RedisTierBean(RedisTier.builder(Objects.requireNonNull(redis.uri())));
        } catch (IllegalArgumentException e) {
            throw new InvalidRedisUriException(e);
        }
    }
}
