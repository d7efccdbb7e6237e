package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.redis.RedisTierBuilder;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;
import reactor.core.publisher.Mono;

/**
 * A tier that connects with the context and is closed with it, after everything that uses it. Spring would wait for a
 * destroy method that returns a {@code Mono} without a limit; this one does not let a silent Redis hold up the
 * shutdown.
 *
 * <p>Making one connects nothing: Spring makes factory beans early to ask for their type, and may drop them again.
 */
final class RedisTierBean implements FactoryBean<RedisTier>, InitializingBean, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(RedisTierBean.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final RedisTierBuilder builder;
    private final @Nullable Duration awaitReady;
    private @Nullable RedisTier tier;

    /**
     * Creates one.
     *
     * @param awaitReady how long to wait for Redis, or null not to wait
     */
    RedisTierBean(RedisTierBuilder builder, @Nullable Duration awaitReady) {
        this.builder = builder;
        this.awaitReady = awaitReady;
    }

    @Override
    public void afterPropertiesSet() {
        RedisTier connecting = builder.connect();
        tier = connecting;
        if (awaitReady != null) {
            await(connecting, awaitReady);
        }
    }

    /** A Redis that needs an operator's help fails the start; one that is not there does not. */
    private void await(RedisTier connecting, Duration limit) {
        try {
            Waiting.resultOf(connecting
                    .ready()
                    .timeout(limit)
                    .doOnError(TimeoutException.class, e -> log.warn("{} was not ready within {}", connecting, limit))
                    .onErrorComplete(TimeoutException.class));
        } catch (RuntimeException notUsable) {
            destroy(); // Spring destroys only what it has made
            throw notUsable;
        }
    }

    @Override
    public RedisTier getObject() {
        return requireNonNull(tier);
    }

    @Override
    public Class<RedisTier> getObjectType() {
        return RedisTier.class;
    }

    @Override
    public void destroy() {
        RedisTier connected = getObject();
        Mono<Void> close = connected
                .close()
                .timeout(CLOSE_LIMIT)
                .doOnError(e -> log.warn("{} was not closed cleanly: {}", connected, e.toString()))
                .onErrorComplete();
        Waiting.endOf(close);
    }
}
