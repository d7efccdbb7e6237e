package dev.reactivecache.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the Sentinels say, each on a connection of its own, since they learn of a failover one after another. A master
 * that they have replaced may take writes and look like a master for many seconds. What they say is only compared with
 * what they said before: one may spell an address in another way than the next.
 */
final class SentinelWatch {
    /** They tell each other every two seconds. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private final RedisClient client;
    private final RedisSettings settings;
    private final List<Sentinel> sentinels;
    private volatile long movedAtNanos;

    /** @param uri names the Sentinels, if there are any, and their master */
    SentinelWatch(RedisClient client, RedisURI uri, RedisSettings settings) {
        this.client = client;
        this.settings = settings;
        this.movedAtNanos = settings.timer().now() - SETTLING.toNanos();
        this.sentinels = uri.getSentinels().stream()
                .map(sentinel -> new Sentinel(alone(uri, sentinel), uri.getSentinelMasterId()))
                .toList();
    }

    private static RedisURI alone(RedisURI uri, RedisURI sentinel) {
        return RedisURI.builder(uri)
                .withSentinelMasterId(uri.getSentinelMasterId())
                .withSentinel(sentinel)
                .build();
    }

    /**
     * Has each say where the master is that has not said so yet: before a connection that they lead to is made. Never
     * errors.
     */
    Mono<Void> begin() {
        return Flux.fromIterable(sentinels)
                .filter(sentinel -> sentinel.named == null)
                .flatMap(Sentinel::ask)
                .then();
    }

    /**
     * Asks all. Emits whether one of them names another master than before, or completes if there are none. Never
     * errors.
     */
    Mono<Boolean> hasMoved() {
        return Flux.fromIterable(sentinels)
                .flatMap(Sentinel::ask)
                .reduce(Boolean::logicalOr)
                .doOnNext(moved -> {
                    if (moved) {
                        movedAtNanos = settings.timer().now();
                    }
                });
    }

    /**
     * Whether all that answer name one master; or the last change is so long ago that they merely spell it differently.
     */
    boolean isSettled() {
        boolean agreed = sentinels.stream()
                        .filter(sentinel -> sentinel.answers)
                        .map(sentinel -> sentinel.named)
                        .distinct()
                        .count()
                <= 1;
        return agreed || settings.timer().now() - movedAtNanos > SETTLING.toNanos();
    }

    Mono<Void> close() {
        return Flux.fromIterable(sentinels).flatMap(Sentinel::close).then();
    }

    /** One of them. One that cannot be reached is tried again now and then; it says nothing meanwhile. */
    private final class Sentinel {
        private static final int QUESTIONS_BETWEEN_ATTEMPTS = 20;

        private final RedisURI uri;
        private final String master;
        private volatile @Nullable StatefulRedisSentinelConnection<String, String> connection;
        private volatile @Nullable SocketAddress named;
        private volatile boolean answers;
        private volatile boolean closed;
        private int patience;

        Sentinel(RedisURI uri, String master) {
            this.uri = uri;
            this.master = master;
        }

        /** Emits whether it names another than before. */
        Mono<Boolean> ask() {
            return Mono.defer(this::connected)
                    .flatMap(open -> open.reactive().getMasterAddrByName(master))
                    .timeout(settings.readTimeout(), settings.timer().scheduler())
                    .map(this::isAnother)
                    .doOnNext(another -> answers = true)
                    .onErrorComplete()
                    .switchIfEmpty(Mono.fromSupplier(() -> {
                        answers = false;
                        return false;
                    }));
        }

        private boolean isAnother(SocketAddress now) {
            SocketAddress before = named;
            named = now;
            return before != null && !before.equals(now);
        }

        private Mono<StatefulRedisSentinelConnection<String, String>> connected() {
            StatefulRedisSentinelConnection<String, String> known = connection;
            if (known != null) {
                return known.isOpen() ? Mono.just(known) : Mono.empty();
            }
            if (patience > 0) {
                patience--;
                return Mono.empty();
            }
            patience = QUESTIONS_BETWEEN_ATTEMPTS;
            return Mono.fromFuture(() -> client.connectSentinelAsync(StringCodec.UTF8, uri), true)
                    .doOnNext(this::keep);
        }

        private void keep(StatefulRedisSentinelConnection<String, String> opened) {
            patience = 0;
            connection = opened;
            if (closed) {
                close().subscribe();
            }
        }

        Mono<Void> close() {
            return Mono.defer(() -> {
                closed = true;
                StatefulRedisSentinelConnection<String, String> open = connection;
                connection = null;
                return open == null
                        ? Mono.empty()
                        : Mono.fromCompletionStage(open.closeAsync()).onErrorComplete();
            });
        }
    }
}
