package dev.reactivecache.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * What connects to a cluster: a client for commands, and one for connections to its single nodes, with the resources
 * and options of the first.
 */
final class ClusterClients {
    /** How long connections may take to close. */
    static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final RedisClusterClient cluster;
    private final RedisClient nodes;
    private final Mono<Void> closeCluster;

    /**
     * @param name the cluster, for messages
     * @param closeCluster what is to be done about the client when the tier is closed
     */
    ClusterClients(String name, RedisClusterClient cluster, Mono<Void> closeCluster) {
        this.name = name;
        this.cluster = cluster;
        this.closeCluster = closeCluster;
        this.nodes = RedisClient.create(cluster.getResources());
        this.nodes.setOptions(cluster.getOptions()
                .mutate()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
    }

    /**
     * What a client connects to each node with, but for host and port. The URIs of the nodes that it has found may lack
     * all of it.
     *
     * @throws IllegalArgumentException if it does not show it
     */
    static RedisURI uriOf(RedisClusterClient client) {
        try {
            Method first = RedisClusterClient.class.getDeclaredMethod("getFirstUri"); // Lettuce shows it to subclasses
            first.setAccessible(true);
            return (RedisURI) first.invoke(client);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "the Lettuce client does not show how it connects; use RedisTier.clusterBuilder instead", e);
        }
    }

    String name() {
        return name;
    }

    RedisClusterClient cluster() {
        return cluster;
    }

    RedisClient nodes() {
        return nodes;
    }

    Mono<Void> close() {
        return Mono.fromCompletionStage(() -> nodes.shutdownAsync(0, SHUTDOWN_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .onErrorComplete()
                .then(closeCluster);
    }
}
