package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.policy.Checks;
import dev.reactivecache.policy.Timer;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Settings of a {@link RedisTier}. Each value is checked where it is given. */
public final class RedisTierBuilder {
    /** Commands that may wait for their answers; more are refused, and their reads load. */
    private static final int REQUEST_QUEUE = 65_536;

    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(2);

    private final @Nullable RedisClient client;
    private final RedisURI uri;
    private Duration readTimeout = Duration.ofMillis(500);
    private Duration writeTimeout = Duration.ofSeconds(1);
    private Duration stalenessBound = Duration.ofMillis(1_500);
    private NotificationSetup notifications = NotificationSetup.ADD_MISSING_ON_LOOPBACK;
    private Timer timer = Timer.system();
    private double retryJitter = 0.5;

    RedisTierBuilder(@Nullable RedisClient client, RedisURI uri) {
        this.client = client;
        this.uri = uri;
    }

    /**
     * The most that a read waits for Redis before it loads instead. Default: 500 milliseconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or above 1,000 days
     */
    public RedisTierBuilder readTimeout(Duration timeout) {
        this.readTimeout = Checks.positive("readTimeout", timeout);
        return this;
    }

    /**
     * The most that a fill, an invalidation or a write waits for Redis to acknowledge. Default: one second.
     *
     * @throws IllegalArgumentException if it is not above zero, or above 1,000 days
     */
    public RedisTierBuilder writeTimeout(Duration timeout) {
        this.writeTimeout = Checks.positive("writeTimeout", timeout);
        return this;
    }

    /**
     * How far an answer from memory may be behind Redis: it was current there at some moment of this last while. The
     * stream of changes is asked three times as often whether it is alive; when it is silent for longer, answers from
     * memory are checked with Redis first. Default: 1.5 seconds.
     *
     * @throws IllegalArgumentException if it is below 30 milliseconds or above 1,000 days
     */
    public RedisTierBuilder stalenessBound(Duration bound) {
        Checks.positive("stalenessBound", bound);
        if (bound.toMillis() < 30) {
            throw new IllegalArgumentException("stalenessBound (" + bound + ") must be at least 30 milliseconds");
        }
        this.stalenessBound = bound;
        return this;
    }

    /** What to do when Redis does not tell of changes. Default: {@link NotificationSetup#ADD_MISSING_ON_LOOPBACK}. */
    public RedisTierBuilder notifications(NotificationSetup setup) {
        this.notifications = requireNonNull(setup, "notifications");
        return this;
    }

    /** Takes all time from this timer, and leaves nothing to chance: for a client whose Redis is simulated. */
    RedisTierBuilder simulated(Timer virtual) {
        this.timer = virtual;
        this.retryJitter = 0;
        return this;
    }

    /**
     * Begins to connect, and returns at once.
     *
     * @throws IllegalArgumentException if the user's client cannot be used: see {@link RedisTier#connect(RedisClient,
     *     RedisURI)}
     */
    public RedisTier connect() {
        Deployment deployment = uri.getSentinels().isEmpty() ? Deployment.STANDALONE : Deployment.SENTINEL;
        RedisSettings settings = new RedisSettings(
                uri, deployment, readTimeout, writeTimeout, stalenessBound, notifications, timer, retryJitter);
        RedisTier tier = client == null ? onOwnClient(settings) : onUsersClient(client, settings);
        tier.start();
        return tier;
    }

    private static RedisTier onUsersClient(RedisClient client, RedisSettings settings) {
        RedisURI uri = settings.uri();
        boolean named = uri.getSentinels().isEmpty() ? uri.getHost() != null : uri.getSentinelMasterId() != null;
        if (!named) {
            throw new IllegalArgumentException(
                    "the RedisURI must name the host of a Redis, or its Sentinels and sentinelMasterId:"
                            + " sockets are not supported");
        }
        ClientOptions options = client.getOptions();
        if (!options.isAutoReconnect()) {
            throw new IllegalArgumentException("the Lettuce client must have autoReconnect on");
        }
        if (options.isPublishOnScheduler()) {
            throw new IllegalArgumentException("the Lettuce client must have publishOnScheduler off");
        }
        return new RedisTier(client, settings, Mono.empty());
    }

    private static RedisTier onOwnClient(RedisSettings settings) {
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(
                        () -> Delay.fullJitter(Duration.ofMillis(5), Duration.ofSeconds(1), 1, TimeUnit.MILLISECONDS))
                .build();
        RedisClient client = RedisClient.create(resources, settings.uri());
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REQUEST_QUEUE)
                .build());
        Duration limit = SHUTDOWN_LIMIT;
        Mono<Void> close = Mono.fromCompletionStage(
                        () -> client.shutdownAsync(0, limit.toMillis(), TimeUnit.MILLISECONDS))
                .publishOn(Schedulers.boundedElastic()) // Netty takes a lock to shut its threads down
                .then(Mono.defer(() -> completion(resources.shutdown(0, limit.toMillis(), TimeUnit.MILLISECONDS))));
        return new RedisTier(client, settings, close);
    }

    private static Mono<Void> completion(Future<Boolean> future) {
        return Mono.create(sink -> future.addListener(done -> sink.success()));
    }
}
