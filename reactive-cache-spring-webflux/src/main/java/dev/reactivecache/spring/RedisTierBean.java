package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.redis.RedisTierBuilder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A tier that connects with the context and is closed with it, after everything that uses it. Spring would wait for a
 * destroy method that returns a {@code Mono} without a limit; this one does not let a silent Redis hold up the shutdown.
 *
 * <p>Making one connects nothing: Spring makes factory beans early to ask for their type, and may drop them again.
 */
final class RedisTierBean implements FactoryBean<RedisTier>, InitializingBean, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(RedisTierBean.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final RedisTierBuilder builder;
    private @Nullable RedisTier tier;

    RedisTierBean(RedisTierBuilder builder) {
        this.builder = builder;
    }

    @Override
    public void afterPropertiesSet() {
        tier = builder.connect();
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
        if (Schedulers.isInNonBlockingThread()) {
            close.subscribe();
        } else {
            close.block();
        }
    }
}
