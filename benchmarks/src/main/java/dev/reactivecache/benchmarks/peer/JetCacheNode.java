package dev.reactivecache.benchmarks.peer;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.CacheBuilder;
import com.alicp.jetcache.CacheManager;
import com.alicp.jetcache.CacheResultCode;
import com.alicp.jetcache.SimpleCacheManager;
import com.alicp.jetcache.anno.CacheConsts;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.LettuceBroadcastManager;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheConfig;
import com.alicp.jetcache.support.BroadcastManager;
import com.alicp.jetcache.support.CacheMessage;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import com.alicp.jetcache.template.CacheBuilderTemplate;
import com.alicp.jetcache.template.CacheMonitorInstaller;
import com.alicp.jetcache.template.NotifyMonitorInstaller;
import com.alicp.jetcache.template.QuickConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A cache of type BOTH, Caffeine before Redis over Lettuce, with {@code syncLocal} and a broadcast channel, as
 * JetCache's documentation has it for two levels, and with {@code penetrationProtect}: its means against a stampede,
 * within one process. Reads block, and so run on the callers' threads.
 */
final class JetCacheNode implements NodeCache {
    private final Place place;
    private final RedisClient client;
    private final SimpleCacheManager manager = new SimpleCacheManager();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Cache<String, String> cache;

    JetCacheNode(Place place) {
        this.place = place;
        this.client = RedisClient.create(place.uri());
        CacheBuilder local = CaffeineCacheBuilder.createCaffeineCacheBuilder().limit(place.localSize());
        Telling remote = new Telling(this::tell);
        remote.redisClient(client)
                .keyPrefix("bench:")
                .broadcastChannel("bench:" + place.name())
                .pubSubConnection(client.connectPubSub(ByteArrayCodec.INSTANCE))
                .valueEncoder(JavaValueEncoder.INSTANCE)
                .valueDecoder(JavaValueDecoder.INSTANCE);
        CacheBuilderTemplate template = template(local, remote);
        List<CacheMonitorInstaller> installers = template.getCacheMonitorInstallers();
        installers.add(new NotifyMonitorInstaller(area -> remote));
        manager.setCacheBuilderTemplate(template);
        this.cache = manager.getOrCreateCache(QuickConfig.newBuilder(place.name())
                .cacheType(CacheType.BOTH)
                .expire(Duration.ofMinutes(10))
                .localLimit(place.localSize())
                .syncLocal(true)
                .penetrationProtect(true)
                .<String, String>loader(key -> place.origin().load(key).block())
                .build());
    }

    @SuppressWarnings("unchecked") // a generic array of the peer's own signature
    private static CacheBuilderTemplate template(CacheBuilder local, CacheBuilder remote) {
        return new CacheBuilderTemplate(
                true, Map.of(CacheConsts.DEFAULT_AREA, local), Map.of(CacheConsts.DEFAULT_AREA, remote));
    }

    private void tell(CacheMessage message) {
        for (Object key : message.getKeys()) {
            listeners.forEach(listener -> listener.accept(key.toString()));
        }
    }

    @Override
    public CompletionStage<String> read(String key) {
        return CompletableFuture.supplyAsync(() -> cache.get(key), place.callers());
    }

    @Override
    public CompletionStage<?> change(String key, String value) {
        return cache.PUT(key, value).future().thenAccept(result -> {
            if (result.getResultCode() != CacheResultCode.SUCCESS) {
                throw new IllegalStateException("PUT: " + result.getMessage());
            }
        });
    }

    @Override
    public boolean onDrop(Consumer<String> listener) {
        listeners.add(listener);
        return true;
    }

    @Override
    public void close() {
        manager.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    /** The builder of the remote level, whose broadcast manager reports when it has applied a message. */
    private static final class Telling extends RedisLettuceCacheBuilder<Telling> {
        private final Consumer<CacheMessage> listener;

        Telling(Consumer<CacheMessage> listener) {
            this.listener = listener;
        }

        @Override
        @SuppressWarnings("unchecked") // the peer's own signature
        public BroadcastManager createBroadcastManager(CacheManager caches) {
            RedisLettuceCacheConfig<Object, Object> config =
                    (RedisLettuceCacheConfig<Object, Object>) getConfig().clone();
            return new LettuceBroadcastManager(caches, config) {
                @Override
                protected void processNotification(byte[] message, Function<byte[], Object> decoder) {
                    super.processNotification(message, decoder);
                    if (decoder.apply(message) instanceof CacheMessage told
                            && !getSourceId().equals(told.getSourceId())) {
                        listener.accept(told);
                    }
                }
            };
        }
    }
}
