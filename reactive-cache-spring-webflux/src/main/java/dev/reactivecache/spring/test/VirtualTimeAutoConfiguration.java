package dev.reactivecache.spring.test;

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCacheCustomizer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Virtual time for all caches that the application's properties or {@code ReactiveCaches} make. */
@AutoConfiguration(before = ReactiveCacheAutoConfiguration.class)
public final class VirtualTimeAutoConfiguration {

    /** For Spring. */
    VirtualTimeAutoConfiguration() {}

    @Bean(destroyMethod = "dispose")
    @ConditionalOnMissingBean
    VirtualTimeScheduler reactiveCacheTime() {
        return VirtualTimeScheduler.create();
    }

    @Bean
    ReactiveCacheCustomizer reactiveCacheVirtualTime(VirtualTimeScheduler time) {
        return (name, builder) -> builder.timer(time);
    }
}
