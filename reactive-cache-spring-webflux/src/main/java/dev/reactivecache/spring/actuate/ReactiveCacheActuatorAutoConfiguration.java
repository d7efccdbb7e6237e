package dev.reactivecache.spring.actuate;

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The caches in Actuator, where it is there: an endpoint, unless it is not exposed, and a health indicator. */
@AutoConfiguration(after = ReactiveCacheAutoConfiguration.class)
public final class ReactiveCacheActuatorAutoConfiguration {

    /** For Spring. */
    ReactiveCacheActuatorAutoConfiguration() {}

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    @ConditionalOnAvailableEndpoint(ReactiveCachesEndpoint.class)
    @EnableConfigurationProperties(CachesEndpointProperties.class)
    static class Endpoints {
        @Bean
        @ConditionalOnMissingBean
        ReactiveCachesEndpoint reactiveCachesEndpoint(ReactiveCaches caches, CachesEndpointProperties properties) {
            return new ReactiveCachesEndpoint(caches, properties.showValues());
        }

        @Bean
        OperationInvokerAdvisor reactiveCachesEndpointRequests() {
            return new EndpointRequests();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ReactiveHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    @ConditionalOnEnabledHealthIndicator("reactivecaches")
    static class Indicator {
        @Bean
        @ConditionalOnMissingBean(name = "reactiveCachesHealthIndicator")
        ReactiveHealthIndicator reactiveCachesHealthIndicator(ReactiveCaches caches) {
            return new CachesHealthIndicator(caches);
        }
    }
}
