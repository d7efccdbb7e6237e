package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Connects again and again until it works: Lettuce reconnects only what was connected once. */
final class ConnectionAttempts {
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

    /** How long one attempt may take, from the look-up of the name to the end of the handshake. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private final UnaryOperator<String> about;
    private final RedisSettings settings;
    private final TierStatus status;

    /** @param about makes a message about the server */
    ConnectionAttempts(UnaryOperator<String> about, RedisSettings settings, TierStatus status) {
        this.about = about;
        this.settings = settings;
        this.status = status;
    }

    /** A connection that is closed if it is no longer wanted by the time it is there. */
    <C extends StatefulConnection<byte[], byte[]>> Mono<C> opened(
            Supplier<? extends CompletionStage<C>> connect, Supplier<RemoteTierException> onSilence) {
        return Mono.defer(() -> {
            Mono<Attempt<C>> attempt = Mono.fromFuture(
                    connect.get().<Attempt<C>>handle(Attempt::new).toCompletableFuture(), true);
            return attempt.flatMap(Attempt::result)
                    .doOnCancel(() -> attempt.flatMap(Attempt::close).subscribe())
                    .timeout(LIMIT, Mono.error(onSilence), settings.timer().scheduler());
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

    /** Tries until it works, or the tier is closed; what keeps it from working shows in the status. */
    <C> Mono<C> untilItWorks(Mono<C> connection) {
        return connection
                .onErrorMap(this::explain)
                .doOnError(RemoteTierException.class, status::failed)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_DELAY)
                        .maxBackoff(LONGEST_DELAY)
                        .jitter(settings.retryJitter())
                        .scheduler(settings.timer().scheduler())
                        .filter(failure -> !status.isClosed()));
    }

    /** The error for a server that does not say anything. */
    RemoteTierException silence(boolean tls) {
        return new RemoteTierException(
                about.apply("no connection within " + LIMIT + "; does the server speak "
                        + (tls ? "TLS" : "plain text, not TLS") + " on this port?"),
                null);
    }

    private Throwable explain(Throwable failure) {
        if (failure instanceof RemoteTierException) {
            return failure;
        }
        RedisCommandExecutionException refusal = refusalIn(failure);
        if (refusal != null) {
            String what = "it refuses the connection: " + refusal.getMessage();
            return ServerInfo.isForbidden(refusal)
                    ? RedisFailures.missingRights(what, failure, about)
                    : new RedisConfigurationException(about.apply(what), failure);
        }
        String tls = TlsFailures.remedyOf(failure);
        String what = about.apply("cannot connect: " + rootMessage(failure));
        return tls != null
                ? new RedisConfigurationException(what + "; " + tls, failure)
                : new RemoteTierException(what, failure);
    }

    /**
     * What the server itself answered to the handshake: a wrong password or user, a database that it does not have. Of
     * several servers, the first that refuses.
     */
    private static @Nullable RedisCommandExecutionException refusalIn(@Nullable Throwable failure) {
        if (failure == null) {
            return null;
        }
        if (failure instanceof RedisCommandExecutionException refusal
                && refusal.getMessage() != null
                && !refusal.getMessage().startsWith("LOADING")) {
            return refusal;
        }
        RedisCommandExecutionException cause = refusalIn(failure.getCause());
        return cause != null
                ? cause
                : Stream.of(failure.getSuppressed())
                        .map(ConnectionAttempts::refusalIn)
                        .filter(refusal -> refusal != null)
                        .findFirst()
                        .orElse(null);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
