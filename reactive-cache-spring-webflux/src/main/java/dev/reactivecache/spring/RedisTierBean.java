package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTier;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A tier that is closed with the context, after everything that uses it. Spring would wait for a destroy method that
 * returns a {@code Mono} without a limit; this one does not let a silent Redis hold up the shutdown.
 */
final class RedisTierBean implements FactoryBean<RedisTier>, DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(RedisTierBean.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final RedisTier tier;

    RedisTierBean(RedisTier tier) {
        this.tier = tier;
    }

    @Override
    public RedisTier getObject() {
        return tier;
    }

    @Override
    public Class<RedisTier> getObjectType() {
        return RedisTier.class;
    }

    @Override
    public void destroy() {
        Mono<Void> close = tier.close()
                .timeout(CLOSE_LIMIT)
                .doOnError(e -> log.warn("{} was not closed cleanly: {}", tier, e.toString()))
                .onErrorComplete();
        if (Schedulers.isInNonBlockingThread()) {
            close.subscribe();
        } else {
            close.block();
        }
    }
}
