package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Opens connections, again and again until it works: Lettuce reconnects only what was connected once. */
final class RedisConnector {
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
    private static final int OLDEST_VERSION = 6;

    /** How long one attempt may take, from the look-up of the name to the last word of the handshake. */
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(5);

    private final RedisClient client;
    private final RedisSettings settings;
    private final TierStatus status;
    private final RedisURI uri;

    RedisConnector(RedisClient client, RedisSettings settings, TierStatus status) {
        this.client = client;
        this.settings = settings;
        this.status = status;
        this.uri = withLimit(settings.uri());
    }

    /** The timeout of a URI is that of the handshake, and of the look-up by Sentinels. */
    private static RedisURI withLimit(RedisURI uri) {
        RedisURI.Builder copy = RedisURI.builder(uri).withTimeout(ATTEMPT_LIMIT);
        for (RedisURI sentinel : uri.getSentinels()) { // are not copied
            copy.withSentinel(
                    RedisURI.builder(sentinel).withTimeout(ATTEMPT_LIMIT).build());
        }
        String master = uri.getSentinelMasterId();
        return master == null ? copy.build() : copy.withSentinelMasterId(master).build();
    }

    /** A connection for commands, to a server that is new enough, once {@code preparation} on it is done. */
    Mono<StatefulRedisConnection<byte[], byte[]>> commands(
            Function<RedisReactiveCommands<byte[], byte[]>, Mono<Void>> preparation) {
        return untilItWorks(opened(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri))
                .flatMap(connection -> requireUsable(connection.reactive())
                        .then(Mono.defer(() -> preparation.apply(connection.reactive())))
                        .timeout(settings.writeTimeout(), settings.timer().scheduler())
                        .thenReturn(connection)
                        .onErrorResume(failure -> Mono.fromCompletionStage(connection.closeAsync())
                                .then(Mono.error(failure)))));
    }

    /** A connection for subscriptions. */
    Mono<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions() {
        return untilItWorks(opened(() -> client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri)));
    }

    /** A connection that is closed if nobody wants it any more by the time it is there. */
    private <C extends StatefulConnection<byte[], byte[]>> Mono<C> opened(Supplier<ConnectionFuture<C>> connect) {
        return Mono.defer(() -> {
            Mono<Attempt<C>> attempt = Mono.fromFuture(
                    connect.get().<Attempt<C>>handle(Attempt::new).toCompletableFuture(), true);
            return attempt.flatMap(Attempt::result)
                    .doOnCancel(() -> attempt.flatMap(Attempt::close).subscribe())
                    .timeout(
                            ATTEMPT_LIMIT,
                            Mono.error(this::noHandshake),
                            settings.timer().scheduler());
        });
    }

    /** How an attempt to connect ended, as a value: an error that comes after a cancellation would only be logged. */
    private record Attempt<C extends StatefulConnection<byte[], byte[]>>(
            @Nullable C connection, @Nullable Throwable failure) {
        Mono<C> result() {
            return failure == null ? Mono.justOrEmpty(connection) : Mono.error(failure);
        }

        Mono<Void> close() {
            C open = connection;
            return open == null
                    ? Mono.empty()
                    : Mono.fromCompletionStage(open.closeAsync()).onErrorComplete();
        }
    }

    private <C> Mono<C> untilItWorks(Mono<C> connection) {
        return connection
                .onErrorMap(this::explain)
                .doOnError(RemoteTierException.class, status::failed)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_DELAY)
                        .maxBackoff(LONGEST_DELAY)
                        .jitter(settings.retryJitter())
                        .scheduler(settings.timer().scheduler())
                        .filter(failure -> !status.isClosed()));
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
            if (!info.mayRunAs("standalone")) {
                return Mono.error(
                        misplaced(
                                info.mayRunAs("sentinel")
                                        ? "it is a Sentinel, not a Redis that stores anything: use"
                                                + " redis-sentinel://host:port?sentinelMasterId=name"
                                        : "it is a node of a Redis Cluster: use redis-cluster://host:port, which finds the others"));
            }
            return Mono.empty();
        });
    }

    private RemoteTierException noHandshake() {
        return new RemoteTierException(
                settings.about("no connection within " + ATTEMPT_LIMIT + "; does the server speak "
                        + (uri.isSsl() ? "TLS" : "plain text, not TLS") + " on this port?"),
                null);
    }

    private RedisConfigurationException misplaced(String what) {
        return new RedisConfigurationException(settings.about(what), null);
    }

    private Throwable explain(Throwable failure) {
        if (failure instanceof NotMasterException replica) {
            return settings.deployment() != Deployment.STANDALONE
                    ? new RemoteTierException(settings.about(String.valueOf(replica.getMessage())), replica)
                    : misplaced("it is a replica: give the address of its master, or of its Sentinels as"
                            + " redis-sentinel://host:port?sentinelMasterId=name");
        }
        if (failure instanceof RemoteTierException) {
            return failure;
        }
        RedisCommandExecutionException refusal = refusalIn(failure);
        return refusal != null
                ? new RedisConfigurationException(
                        settings.about("it refuses the connection: " + refusal.getMessage()), failure)
                : new RemoteTierException(settings.about("cannot connect: " + rootMessage(failure)), failure);
    }

    /** What the server itself answered to the handshake: a wrong password or user, a database that it does not have. */
    private static @Nullable RedisCommandExecutionException refusalIn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException refusal
                    && refusal.getMessage() != null
                    && !refusal.getMessage().startsWith("LOADING")) {
                return refusal;
            }
        }
        return null;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
