package dev.reactivecache.spring.test;

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.cache.OtherCacheManagerAutoConfiguration;
import dev.reactivecache.spring.cache.ReactiveCacheAnnotationsAutoConfiguration;
import dev.reactivecache.spring.cache.SpringCacheAutoConfiguration;
import dev.reactivecache.spring.web.HttpCacheAutoConfiguration;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.test.context.TestPropertySource;

/**
 * On a test class with a Spring context, also a slice of one: the application's caches live in memory, without Redis,
 * and measure time by a {@link reactor.test.scheduler.VirtualTimeScheduler} that is a bean, which the test advances. In
 * a slice, settings of caches that are not part of it are passed over. Caches that the application builds without
 * {@link dev.reactivecache.spring.ReactiveCaches} keep their own time. A {@code RemoteTier} bean of the test's is used:
 * for one that fails by choice, see {@link dev.reactivecache.testing.ChaosRemoteTier}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration({
    VirtualTimeAutoConfiguration.class,
    ReactiveCacheAutoConfiguration.class,
    ReactiveCacheAnnotationsAutoConfiguration.class,
    SpringCacheAutoConfiguration.class,
    OtherCacheManagerAutoConfiguration.class,
    HttpCacheAutoConfiguration.class
})
@TestPropertySource(properties = "reactive-cache.redis.enabled=false")
public @interface AutoConfigureReactiveCacheTest {}
