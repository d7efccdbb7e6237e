package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.InetSocketAddress;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Opens connections to one server, or to the one that Sentinels name. */
final class RedisConnector {
    private static final int OLDEST_VERSION = 6;

    private final RedisClient client;
    private final RedisSettings settings;
    private final ConnectionAttempts attempts;
    private final RedisURI uri;
    private final SentinelWatch sentinels;

    RedisConnector(RedisClient client, RedisSettings settings, TierStatus status) {
        this.client = client;
        this.settings = settings;
        this.attempts = new ConnectionAttempts(settings::about, settings, status);
        this.uri = withLimit(settings.uri());
        this.sentinels = new SentinelWatch(client, uri, settings);
    }

    /** The timeout of a URI is that of the handshake, and of the look-up by Sentinels. */
    private static RedisURI withLimit(RedisURI uri) {
        RedisURI.Builder copy = RedisURI.builder(uri).withTimeout(ConnectionAttempts.LIMIT);
        for (RedisURI sentinel : uri.getSentinels()) { // are not copied
            copy.withSentinel(RedisURI.builder(sentinel)
                    .withTimeout(ConnectionAttempts.LIMIT)
                    .build());
        }
        String master = uri.getSentinelMasterId();
        return master == null ? copy.build() : copy.withSentinelMasterId(master).build();
    }

    /** A connection for commands, to a server that is new enough, once {@code preparation} on it is done. */
    Mono<StatefulRedisConnection<byte[], byte[]>> commands(
            Function<RedisReactiveCommands<byte[], byte[]>, Mono<Void>> preparation) {
        return attempts.untilItWorks(sentinels
                .begin()
                .then(attempts.opened(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri), this::noHandshake))
                .flatMap(connection -> requireUsable(connection.reactive())
                        .then(Mono.defer(() -> preparation.apply(connection.reactive())))
                        .timeout(settings.writeTimeout(), settings.timer().scheduler())
                        .thenReturn(connection)
                        .onErrorResume(failure -> Mono.fromCompletionStage(connection.closeAsync())
                                .then(Mono.error(explain(failure))))));
    }

    /** A connection for subscriptions. */
    Mono<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions() {
        return attempts.untilItWorks(
                attempts.opened(() -> client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri), this::noHandshake));
    }

    /** Those who say which server is the master, if there are any. */
    SentinelWatch sentinels() {
        return sentinels;
    }

    /** The name of the host that connections now lead to. */
    Mono<String> host() {
        String master = uri.getSentinelMasterId();
        if (uri.getSentinels().isEmpty() || master == null) {
            return Mono.just(uri.getHost());
        }
        return Mono.usingWhen(
                Mono.fromFuture(() -> client.connectSentinelAsync(StringCodec.UTF8, uri)),
                sentinel -> sentinel.reactive()
                        .getMasterAddrByName(master)
                        .ofType(InetSocketAddress.class)
                        .map(InetSocketAddress::getHostString),
                sentinel -> Mono.fromCompletionStage(sentinel::closeAsync));
    }

    private Mono<Void> requireUsable(RedisReactiveCommands<byte[], byte[]> commands) {
        return ServerInfo.ask(commands, "server").flatMap(info -> {
            if (info.majorVersion() < OLDEST_VERSION) {
                return Mono.error(
                        misplaced("Redis " + OLDEST_VERSION + ".0 or newer is needed, and this is " + info.version()));
            }
            boolean clustered = settings.deployment() == Deployment.CLUSTER;
            if (!info.mayRunAs(clustered ? "cluster" : "standalone")) {
                return Mono.error(misplaced(remedy(info, clustered)));
            }
            return Mono.empty();
        });
    }

    private static String remedy(ServerInfo info, boolean clustered) {
        if (info.mayRunAs("sentinel")) {
            return "it is a Sentinel, not a Redis that stores anything: use"
                    + " redis-sentinel://host:port?sentinelMasterId=name";
        }
        return clustered
                ? "it is not a node of a Redis Cluster: use redis://host:port"
                : "it is a node of a Redis Cluster: use redis-cluster://host:port, which finds the others";
    }

    private RedisConfigurationException misplaced(String what) {
        return new RedisConfigurationException(settings.about(what), null);
    }

    private RemoteTierException noHandshake() {
        return attempts.silence(uri.isSsl());
    }

    private Throwable explain(Throwable failure) {
        if (failure instanceof NotMasterException replica) {
            return settings.deployment() != Deployment.STANDALONE
                    ? new RemoteTierException(settings.about(String.valueOf(replica.getMessage())), replica)
                    : misplaced("it is a replica: give the address of its master, or of its Sentinels as"
                            + " redis-sentinel://host:port?sentinelMasterId=name");
        }
        return failure;
    }
}
