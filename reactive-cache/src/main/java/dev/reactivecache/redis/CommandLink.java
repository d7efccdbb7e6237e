package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The one connection to a server that all commands share, so that they reach it in the order in which they were sent.
 * Every command has a timeout, and every failure is a {@link RemoteTierException}. The server is a master: it is asked
 * for its role and its time before the connection is used, first and after each reconnection, and now and then.
 */
final class CommandLink {
    private static final int UNANSWERED_LIMIT = 6;

    private final RedisConnector connector;
    private final RedisSettings settings;
    private final TierStatus status;
    private final ServerKeys keys;
    private final Arrival onArrival;
    private final RedisClock clock = new RedisClock();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Disposable.Swap opening = Disposables.swap();
    private volatile @Nullable Line line;
    private volatile boolean opened;

    /** What is to be done on a connection that was made, or made anew, before the first command goes out on it. */
    interface Arrival {
        Mono<Void> at(RedisClusterReactiveCommands<byte[], byte[]> commands);
    }

    CommandLink(
            RedisConnector connector, RedisSettings settings, TierStatus status, ServerKeys keys, Arrival onArrival) {
        this.connector = connector;
        this.settings = settings;
        this.status = status;
        this.keys = keys;
        this.onArrival = onArrival;
    }

    /** Connects in the background, then calls back. */
    void open(Runnable onOpen) {
        opening.update(connector
                .commands(this::prepare)
                .subscribe(
                        connection -> {
                            line = new Line(connection);
                            opened = true;
                            if (status.isClosed()) {
                                close().subscribe();
                            } else {
                                onOpen.run();
                            }
                        },
                        failure -> status.failed(asTierFailure(failure, settings.writeTimeout()))));
    }

    /** One connection, and whether the server behind it is known: Lettuce may have reconnected it to another one. */
    private final class Line implements RedisConnectionStateListener {
        private final StatefulRedisConnection<byte[], byte[]> connection;
        private volatile boolean known = true;

        Line(StatefulRedisConnection<byte[], byte[]> connection) {
            this.connection = connection;
            connection.addListener(this);
        }

        boolean isUsable() {
            return known && connection.isOpen();
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            known = false;
        }

        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
            prepare(connection.reactive())
                    .timeout(settings.writeTimeout(), settings.timer().scheduler())
                    .subscribe(null, failure -> replace(this), () -> known = true);
        }
    }

    boolean isOpen() {
        Line current = line;
        return current != null && current.isUsable();
    }

    /** Whether it was connected, and is not now. */
    boolean isLost() {
        return opened && !isOpen();
    }

    /** Keys that the server has, and that no cache does. */
    ServerKeys keys() {
        return keys;
    }

    /** The name of the host that the server is on. */
    Mono<String> host() {
        return connector.host();
    }

    /**
     * Asks the server for its time, so that {@link #serverMillisAt} follows it, and whether it is the master: errors
     * with {@link NotMasterException} if not. Then the connection is replaced; so is one that leaves this question
     * unanswered again and again: nothing else shows that its other end is gone, or what keeps it from being
     * reconnected.
     */
    Mono<Void> refreshClock() {
        Line asked = line;
        return send(settings.readTimeout(), commands -> lookAt(commands).thenReturn(true))
                .doOnNext(answered -> unanswered.set(0))
                .doOnError(failure -> onNoGoodAnswer(asked, failure))
                .then();
    }

    private void onNoGoodAnswer(@Nullable Line asked, Throwable failure) {
        if (asked != null
                && (failure instanceof NotMasterException || unanswered.incrementAndGet() == UNANSWERED_LIMIT)) {
            replace(asked);
        }
    }

    private void replace(Line left) {
        if (line == left && !status.isClosed()) {
            line = null;
            unanswered.set(0);
            Mono.fromCompletionStage(left.connection::closeAsync)
                    .onErrorComplete()
                    .subscribe();
            open(() -> {});
        }
    }

    /**
     * Asks the Sentinels, if there are any, whether the server is the master still; errors with
     * {@link NotMasterException} if one of them says otherwise. Then the connection is replaced.
     */
    Mono<Void> askSentinels() {
        Line asked = line;
        return connector.sentinels().hasMoved().filter(moved -> moved).flatMap(moved -> {
            if (asked != null) {
                replace(asked);
            }
            return Mono.error(new NotMasterException("the Sentinels name another master"));
        });
    }

    /** Errors while the Sentinels name several masters. */
    Mono<Void> requireOneMaster() {
        return Mono.defer(() -> connector.sentinels().isSettled()
                ? Mono.empty()
                : Mono.error(
                        new RemoteTierException(settings.about("the Sentinels do not agree on the master yet"), null)));
    }

    private Mono<Void> prepare(RedisClusterReactiveCommands<byte[], byte[]> commands) {
        return lookAt(commands).then(Mono.defer(() -> onArrival.at(commands)));
    }

    private Mono<Void> lookAt(RedisClusterReactiveCommands<byte[], byte[]> commands) {
        return Mono.when(askTime(commands), requireMaster(commands));
    }

    private Mono<Void> askTime(RedisClusterReactiveCommands<byte[], byte[]> commands) {
        return Mono.defer(() -> {
            long sentAt = settings.timer().now();
            return commands.time()
                    .map(part -> Long.parseLong(new String(part, StandardCharsets.US_ASCII)))
                    .collectList()
                    .doOnNext(time -> clock.set(
                            time.get(0) * 1_000 + time.get(1) / 1_000 + 1,
                            sentAt,
                            settings.timer().now()))
                    .then();
        });
    }

    private Mono<Void> requireMaster(RedisClusterReactiveCommands<byte[], byte[]> commands) {
        return ServerInfo.ask(commands, "replication")
                .filter(ServerInfo::isReplica)
                .flatMap(replica -> Mono.error(new NotMasterException("the server is a replica")));
    }

    /** What the server's clock says at a moment of this node's, or a little more. */
    long serverMillisAt(long nanos) {
        return clock.millisAt(nanos);
    }

    /** What it says at least. */
    long leastServerMillisAt(long nanos) {
        return clock.leastMillisAt(nanos);
    }

    /** Sends a command. Errors at once, and sends nothing, while there is no connection. */
    <T> Mono<T> send(Duration timeout, Function<RedisClusterReactiveCommands<byte[], byte[]>, Mono<T>> command) {
        return Mono.defer(() -> {
                    Line current = line;
                    return current == null || !current.isUsable()
                            ? Mono.<T>error(notConnected())
                            : command.apply(current.connection.reactive());
                })
                .timeout(timeout, settings.timer().scheduler())
                .onErrorMap(failure -> asTierFailure(failure, timeout));
    }

    /** As {@link #send}, at once and without a timeout, which the caller enforces; fails as Lettuce does. */
    <T> CompletableFuture<T> submit(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        Line current = line;
        return current == null || !current.isUsable()
                ? CompletableFuture.failedFuture(notConnected())
                : command.apply(current.connection.async()).toCompletableFuture();
    }

    /** Runs a script on one key. */
    <T> Mono<T> run(Duration timeout, Script script, ScriptOutputType type, byte[] key, byte[]... args) {
        return send(timeout, commands -> script.run(commands, type, key, args));
    }

    RemoteTierException notConnected() {
        RemoteTierException problem = status.problem();
        return new RemoteTierException(
                problem == null ? settings.about("not connected") : String.valueOf(problem.getMessage()), problem);
    }

    private RemoteTierException asTierFailure(Throwable failure, Duration timeout) {
        return RedisFailures.asTierFailure(failure, timeout, settings::about);
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            opening.dispose();
            Line current = line;
            line = null;
            Mono<Void> closed =
                    current == null ? Mono.empty() : Mono.fromCompletionStage(current.connection.closeAsync());
            return closed.onErrorComplete().then(connector.sentinels().close());
        });
    }
}
