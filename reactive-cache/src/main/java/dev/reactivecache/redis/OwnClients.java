package dev.reactivecache.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Makes Lettuce clients for a tier that was given none, with the settings that suit it. */
final class OwnClients {
    /** Commands that may wait for their answers; more are refused, and their reads load. */
    private static final int REQUEST_QUEUE = 65_536;

    /** A burst is written after this many commands, so that the first of them do not wait for long. */
    private static final int MOST_FLUSHES_TOGETHER = 64;

    /** How long a node of a cluster is waited for when the others are asked where it has gone. */
    private static final Duration NODE_LIMIT = Duration.ofSeconds(2);

    private static final Duration REFRESH_PERIOD = Duration.ofSeconds(5);
    private static final Duration REFRESH_PAUSE = Duration.ofMillis(500);

    private OwnClients() {}

    static SingleClient single(RedisURI uri, SslOptions ssl) {
        ClientResources resources = resources().build();
        RedisClient client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REQUEST_QUEUE)
                .sslOptions(ssl)
                .build());
        return new SingleClient(
                client,
                closing((quiet, limit) -> client.shutdownAsync(quiet, limit, TimeUnit.MILLISECONDS), resources));
    }

    static ClusterClients cluster(List<RedisURI> nodes, SslOptions ssl) {
        ClientResources resources =
                resources().nettyCustomizer(new FlushesTogether()).build();
        RedisClusterClient client = RedisClusterClient.create(
                resources,
                nodes.stream()
                        .map(node ->
                                RedisURI.builder(node).withTimeout(NODE_LIMIT).build())
                        .toList());
        client.setOptions(ClusterClientOptions.builder()
                .requestQueueSize(REQUEST_QUEUE)
                .sslOptions(ssl)
                .socketOptions(
                        SocketOptions.builder().connectTimeout(NODE_LIMIT).build())
                .validateClusterNodeMembership(false) // a master that has just joined is not known yet
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(REFRESH_PERIOD) // and on every trigger, as is the default
                        .adaptiveRefreshTriggersTimeout(REFRESH_PAUSE)
                        .build())
                .build());
        return new ClusterClients(
                ClusterAddress.text(nodes),
                client,
                closing((quiet, limit) -> client.shutdownAsync(quiet, limit, TimeUnit.MILLISECONDS), resources));
    }

    private static ClientResources.Builder resources() {
        return ClientResources.builder()
                .reconnectDelay(
                        () -> Delay.fullJitter(Duration.ofMillis(5), Duration.ofSeconds(1), 1, TimeUnit.MILLISECONDS));
    }

    /**
     * Writes commands sent in one burst together: reads of different slots, which no single command can ask for. A
     * command sent alone is written at once. Not for one master: there an MGET takes many reads, and should leave while
     * other replies are still being read.
     */
    private static final class FlushesTogether implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_FLUSHES_TOGETHER, true));
        }
    }

    private static Mono<Void> closing(
            BiFunction<Long, Long, CompletableFuture<Void>> client, ClientResources resources) {
        long limit = ClusterClients.SHUTDOWN_LIMIT.toMillis();
        return Mono.fromCompletionStage(() -> client.apply(0L, limit))
                .publishOn(Schedulers.boundedElastic()) // Netty takes a lock to shut its threads down
                .then(Mono.defer(() -> completion(resources.shutdown(0, limit, TimeUnit.MILLISECONDS))));
    }

    private static Mono<Void> completion(Future<Boolean> future) {
        return Mono.create(sink -> future.addListener(done -> sink.success()));
    }
}
