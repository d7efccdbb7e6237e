package dev.reactivecache.benchmarks.peer;

import java.net.URI;
import java.time.Duration;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;
import reactor.core.publisher.Mono;

/** Spring Data's {@code RedisCache} of bytes, over Lettuce, which it reads without blocking: {@code retrieve}. */
public final class SpringDataCache implements AutoCloseable {
    private final LettuceConnectionFactory connections;
    private final RedisCache cache;

    /** Connects. */
    public SpringDataCache(String uri, String name, Duration ttl) {
        URI at = URI.create(uri);
        this.connections = new LettuceConnectionFactory(at.getHost(), at.getPort());
        connections.afterPropertiesSet();
        connections.start();
        RedisCacheManager manager = RedisCacheManager.builder(RedisCacheWriter.nonLockingRedisCacheWriter(connections))
                .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig()
                        .entryTtl(ttl)
                        .serializeValuesWith(SerializationPair.fromSerializer(RedisSerializer.byteArray())))
                .build();
        manager.afterPropertiesSet();
        if (!(manager.getCache(name) instanceof RedisCache created)) {
            throw new IllegalStateException("Spring Data has no cache " + name);
        }
        this.cache = created;
    }

    /** Reads a value that is there. */
    public Mono<byte[]> read(String key) {
        return Mono.fromFuture(() -> cache.retrieve(key)).map(SpringDataCache::bytes);
    }

    private static byte[] bytes(Object found) {
        Object value = found instanceof Cache.ValueWrapper wrapper ? wrapper.get() : found;
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw new IllegalStateException("no bytes, but " + value);
    }

    /** Stores. Blocks, as Spring Data does. */
    public void put(String key, byte[] value) {
        cache.put(key, value);
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
