package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** The connection that takes each command to the master of its key, and follows redirections. */
final class ClusterLink {
    private static final int UNANSWERED_LIMIT = 6;

    private final RedisClusterClient client;
    private final UnaryOperator<String> about;
    private final RedisSettings settings;
    private final ConnectionAttempts attempts;
    private final TierStatus status;
    private final Disposable.Swap opening = Disposables.swap();
    private final ConcurrentMap<SlotTable.Master, Integer> unanswered = new ConcurrentHashMap<>();
    private final Set<SlotTable.Master> blocked = ConcurrentHashMap.newKeySet();
    private volatile @Nullable StatefulRedisClusterConnection<byte[], byte[]> connection;

    /** @param about makes a message about the cluster */
    ClusterLink(RedisClusterClient client, UnaryOperator<String> about, RedisSettings settings, TierStatus status) {
        this.client = client;
        this.about = about;
        this.settings = settings;
        this.attempts = new ConnectionAttempts(about, settings, status);
        this.status = status;
    }

    /** Looks at the cluster and connects in the background, then calls back. */
    void open(Runnable onOpen) {
        opening.update(attempts.untilItWorks(connected())
                .subscribe(
                        opened -> {
                            if (!status.isClosed()) {
                                status.live(); // what kept it from connecting does not any more
                            }
                            opened.setReadFrom(ReadFrom.UPSTREAM);
                            StatefulRedisClusterConnection<byte[], byte[]> before = connection;
                            connection = opened;
                            if (before != null) {
                                closed(before).subscribe();
                            }
                            if (status.isClosed()) {
                                close().subscribe();
                            } else {
                                onOpen.run();
                            }
                        },
                        failure ->
                                status.failed(RedisFailures.asTierFailure(failure, ConnectionAttempts.LIMIT, about))));
    }

    private Mono<StatefulRedisClusterConnection<byte[], byte[]>> connected() {
        return attempts.opened(
                () -> client.refreshPartitionsAsync().thenCompose(seen -> client.connectAsync(ByteArrayCodec.INSTANCE)),
                () -> new RemoteTierException(about.apply("no connection within " + ConnectionAttempts.LIMIT), null));
    }

    boolean isOpen() {
        StatefulRedisClusterConnection<byte[], byte[]> current = connection;
        return current != null && current.isOpen();
    }

    <T> Mono<T> send(Duration timeout, Function<RedisClusterReactiveCommands<byte[], byte[]>, Mono<T>> command) {
        return Mono.defer(() -> {
                    StatefulRedisClusterConnection<byte[], byte[]> current = connection;
                    return current == null ? Mono.<T>error(notConnected()) : command.apply(current.reactive());
                })
                .timeout(timeout, settings.timer().scheduler())
                .onErrorMap(failure -> RedisFailures.asTierFailure(failure, timeout, about));
    }

    <T> CompletableFuture<T> submit(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        StatefulRedisClusterConnection<byte[], byte[]> current = connection;
        return current == null
                ? CompletableFuture.failedFuture(notConnected())
                : command.apply(current.async()).toCompletableFuture();
    }

    /**
     * Tries the way to a master. When it stays silent again and again, all ways are made anew: Lettuce does not notice
     * that the other end of a connection has gone without a word.
     */
    void tryWayTo(SlotTable.Master master, byte[] key, Duration timeout) {
        send(timeout, commands -> commands.get(key).hasElement()).subscribe(answer -> onWay(master), failure -> {
            if (!(failure.getCause() instanceof RedisCommandExecutionException)) {
                blocked.add(master);
            }
            if (failure.getCause() instanceof TimeoutException
                    && unanswered.merge(master, 1, Integer::sum) == UNANSWERED_LIMIT) {
                unanswered.clear();
                open(() -> {});
            }
        });
    }

    private void onWay(SlotTable.Master master) {
        blocked.remove(master);
        unanswered.remove(master);
    }

    /** Whether commands did not reach a master when that was last tried. */
    boolean isBlocked(SlotTable.Master master) {
        return blocked.contains(master);
    }

    private RemoteTierException notConnected() {
        RemoteTierException problem = status.problem();
        return new RemoteTierException(
                problem == null ? about.apply("not connected") : String.valueOf(problem.getMessage()), problem);
    }

    private static Mono<Void> closed(StatefulRedisClusterConnection<byte[], byte[]> connection) {
        return Mono.fromCompletionStage(connection::closeAsync).onErrorComplete();
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            opening.dispose();
            StatefulRedisClusterConnection<byte[], byte[]> current = connection;
            connection = null;
            return current == null ? Mono.empty() : closed(current);
        });
    }
}
