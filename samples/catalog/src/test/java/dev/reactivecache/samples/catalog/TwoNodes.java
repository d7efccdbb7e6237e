package dev.reactivecache.samples.catalog;

import dev.reactivecache.Awaiting;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two nodes that share a database of their own and a Redis: the one that {@code REACTIVE_CACHE_TEST_REDIS} names, or an
 * embedded one. A test works on airports that no other test touches.
 */
final class TwoNodes implements BeforeAllCallback, AfterAllCallback {
    private static final String VARIABLE = "REACTIVE_CACHE_TEST_REDIS";

    private EmbeddedRedis embedded;
    private String uri;
    private Node first;
    private Node second;

    @Override
    public void beforeAll(ExtensionContext context) {
        uri = System.getenv(VARIABLE);
        if (uri == null || uri.isBlank()) {
            embedded = EmbeddedRedis.start();
            uri = embedded.uri();
        }
        System.out.println(
                "Catalog tests run on " + (embedded == null ? "the Redis at " + VARIABLE : "embedded Redis"));
        Map<String, Object> settings = Map.of(
                "logging.level.root",
                "warn",
                "reactive-cache.redis.uri",
                uri,
                "reactive-cache.redis.read-timeout", // longer than a slow machine stands still
                "5s",
                "reactive-cache.redis.write-timeout",
                "5s",
                "reactive-cache.redis.staleness-bound",
                "6s",
                "catalog.database-url",
                "r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE");
        first = Node.start(0, settings);
        second = Node.start(0, settings);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (AutoCloseable part : new AutoCloseable[] {second, first, embedded}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    Node first() {
        return first;
    }

    Node second() {
        return second;
    }

    String redisUri() {
        return uri;
    }

    /** Makes the caches forget an airport: the Redis may have been used before. */
    long fresh(long id) {
        // on both nodes before this returns: late word of it would take away what a test has read since
        first.airports()
                .invalidate(id, Awaiting.everyNode(Duration.ofSeconds(10)))
                .block();
        return id;
    }
}
