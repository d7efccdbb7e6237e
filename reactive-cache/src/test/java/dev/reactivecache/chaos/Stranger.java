package dev.reactivecache.chaos;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What operators and other applications do to a Redis that they share with the cache. Each deed is a connection of its
 * own.
 */
final class Stranger implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RedisClient client = RedisClient.create();

    void on(int port, Consumer<RedisCommands<String, String>> deed) {
        RedisURI uri = RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(port)
                .withTimeout(PATIENCE)
                .build();
        try (StatefulRedisConnection<String, String> connection = client.connect(uri)) {
            deed.accept(connection.sync());
        }
    }

    static void killSubscribers(RedisCommands<String, String> redis) {
        redis.clientKill(KillArgs.Builder.typePubsub());
    }

    static void killOthers(RedisCommands<String, String> redis) {
        redis.clientKill(KillArgs.Builder.typeNormal().skipme());
    }

    /** Deletes, overwrites or ends a few entries. */
    static void meddle(RedisCommands<String, String> redis, Random random) {
        for (int i = 0; i < 10; i++) {
            String key = entry(random);
            switch (random.nextInt(6)) {
                case 0, 1 -> redis.del(key);
                case 2 -> redis.unlink(key);
                case 3 -> redis.set(key, "bytes of a stranger", SetArgs.Builder.px(500));
                case 4 -> redis.pexpire(key, 1 + random.nextInt(200));
                default -> {
                    redis.del(key);
                    redis.lpush(key, "another type");
                    redis.pexpire(key, 300);
                }
            }
        }
    }

    static String entry(Random random) {
        return "rc:" + ChaosSettings.CACHE + ':' + random.nextInt(ChaosSettings.KEYS);
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
