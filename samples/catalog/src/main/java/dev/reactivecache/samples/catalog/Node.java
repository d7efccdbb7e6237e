package dev.reactivecache.samples.catalog;

import dev.reactivecache.CacheStats;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.redis.RedisTier;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import reactor.core.publisher.Mono;

/** One node of the service, in this process, on the loopback interface. Its methods block. */
final class Node implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofSeconds(20);

    private final ConfigurableApplicationContext context;

    private Node(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts a node, and returns when it serves and its Redis, if it has one, is connected.
     *
     * @param port where it listens; 0 for any free port
     * @param settings defaults of its Spring properties
     */
    static Node start(int port, Map<String, Object> settings) {
        Node node = new Node(new SpringApplicationBuilder(CatalogApplication.class)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .properties(settings)
                .run("--server.address=" + HOST, "--server.port=" + port));
        try {
            node.redis().map(Node::ready).orElse(Mono.empty()).block();
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** The same, on any free port if the preferred one is taken. */
    static Node startPreferring(int port, Map<String, Object> settings) {
        try {
            return start(port, settings);
        } catch (RuntimeException e) {
            if (isOfTakenPort(e)) {
                return start(0, settings);
            }
            throw e;
        }
    }

    private static boolean isOfTakenPort(RuntimeException failure) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(PortInUseException.class::isInstance);
    }

    private static Mono<Void> ready(RedisTier tier) {
        return tier.ready()
                .timeout(
                        READY_LIMIT,
                        Mono.error(
                                () -> new IllegalStateException("Redis was not ready after " + READY_LIMIT.toSeconds()
                                        + " seconds: " + tier.health().problem())));
    }

    String url() {
        return "http://" + HOST + ':' + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    private Optional<RedisTier> redis() {
        return Optional.ofNullable(context.getBeanProvider(RedisTier.class).getIfAvailable());
    }

    ReactiveCache<Long, Airport> airports() {
        ObjectProvider<ReactiveCache<Long, Airport>> cache = context.getBeanProvider(
                ResolvableType.forClassWithGenerics(ReactiveCache.class, Long.class, Airport.class));
        return cache.getObject();
    }

    CacheStats stats() {
        return airports().stats();
    }

    @Override
    public void close() {
        context.close();
    }
}
