package dev.reactivecache.redis;

import dev.reactivecache.fake.RefreshContract;
import dev.reactivecache.remote.RemoteRegion;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A region in Redis. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class RefreshIT extends RefreshContract {
    private final RedisServer redis;
    private RedisTier tier;
    private RemoteRegion region;

    RefreshIT(RedisServer redis) {
        this.redis = redis;
    }

    @BeforeEach
    void open() {
        tier = Node.patient(RedisTier.builder(redis.uri()))
                .notifications(NotificationSetup.ADD_MISSING)
                .connect();
        Node.get(tier.ready());
        region = tier.open(RedisServer.name(), new ScriptsFixture.Deaf());
    }

    @AfterEach
    void close() {
        Node.get(tier.close());
    }

    @Override
    protected RemoteRegion region() {
        return region;
    }

    @Override
    protected void letPass(Duration span) {
        long start = System.nanoTime();
        Await.until("it has passed", () -> System.nanoTime() - start > span.toNanos());
    }
}
