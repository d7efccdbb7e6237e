package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The one connection that all commands of a tier share, so that they reach Redis in the order in which they were sent.
 * Every command has a timeout, and every failure is a {@link RemoteTierException}.
 */
final class CommandLink {
    private static final int UNANSWERED_LIMIT = 6;

    private final RedisConnector connector;
    private final RedisSettings settings;
    private final TierStatus status;
    private final RedisClock clock = new RedisClock();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Disposable.Swap opening = Disposables.swap();
    private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    CommandLink(RedisConnector connector, RedisSettings settings, TierStatus status) {
        this.connector = connector;
        this.settings = settings;
        this.status = status;
    }

    /** Connects in the background, then calls back. */
    void open(Runnable onOpen) {
        opening.update(connector
                .commands(this::askTime)
                .subscribe(
                        opened -> {
                            connection = opened;
                            if (status.isClosed()) {
                                close().subscribe();
                            } else {
                                onOpen.run();
                            }
                        },
                        failure -> status.failed(asTierFailure(failure, settings.writeTimeout()))));
    }

    boolean isOpen() {
        StatefulRedisConnection<byte[], byte[]> current = connection;
        return current != null && current.isOpen();
    }

    /**
     * Asks the server for its time, so that {@link #serverMillisAt} follows it. A connection that leaves this question
     * unanswered again and again is replaced: nothing else tells that its other end has gone without a word.
     */
    Mono<Void> refreshClock() {
        return send(settings.readTimeout(), commands -> askTime(commands).thenReturn(true))
                .doOnNext(answered -> unanswered.set(0))
                .doOnError(failure -> onUnanswered())
                .then();
    }

    private void onUnanswered() {
        StatefulRedisConnection<byte[], byte[]> silent = connection;
        if (silent != null && silent.isOpen() && unanswered.incrementAndGet() == UNANSWERED_LIMIT) {
            unanswered.set(0);
            Mono.fromCompletionStage(silent::closeAsync).onErrorComplete().subscribe();
            open(() -> {});
        }
    }

    private Mono<Void> askTime(RedisReactiveCommands<byte[], byte[]> commands) {
        return Mono.defer(() -> {
            long sentAt = settings.timer().now();
            return commands.time()
                    .map(part -> Long.parseLong(new String(part, StandardCharsets.US_ASCII)))
                    .collectList()
                    .doOnNext(time -> clock.set(time.get(0) * 1_000 + time.get(1) / 1_000 + 1, sentAt))
                    .then();
        });
    }

    /** What the server's clock says at a moment of this node's, or a little more. */
    long serverMillisAt(long nanos) {
        return clock.millisAt(nanos);
    }

    /** Sends a command. Errors at once, and sends nothing, while there is no connection. */
    <T> Mono<T> send(Duration timeout, Function<RedisReactiveCommands<byte[], byte[]>, Mono<T>> command) {
        return Mono.defer(() -> {
                    StatefulRedisConnection<byte[], byte[]> current = connection;
                    return current == null || !current.isOpen()
                            ? Mono.<T>error(notConnected())
                            : command.apply(current.reactive());
                })
                .timeout(timeout, settings.timer().scheduler())
                .onErrorMap(failure -> asTierFailure(failure, timeout));
    }

    /** Runs a script on one key, by its digest; a server that does not know it yet is sent its text. */
    <T> Mono<T> run(Script script, ScriptOutputType type, byte[] key, byte[]... args) {
        byte[][] keys = {key};
        return send(
                settings.writeTimeout(),
                commands -> commands.<T>evalsha(script.digest(), type, keys, args)
                        .onErrorResume(
                                RedisNoScriptException.class,
                                unknown -> commands.eval(script.source(), type, keys, args))
                        .next());
    }

    private RemoteTierException notConnected() {
        RemoteTierException problem = status.problem();
        return new RemoteTierException(
                problem == null ? settings.about("not connected") : String.valueOf(problem.getMessage()), problem);
    }

    private RemoteTierException asTierFailure(Throwable failure, Duration timeout) {
        if (failure instanceof RemoteTierException known) {
            return known;
        }
        String what = failure instanceof TimeoutException
                ? "no answer within " + timeout
                : String.valueOf(failure.getMessage());
        return new RemoteTierException(settings.about(what), failure);
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            opening.dispose();
            StatefulRedisConnection<byte[], byte[]> current = connection;
            connection = null;
            return current == null ? Mono.empty() : Mono.fromCompletionStage(current.closeAsync());
        });
    }
}
