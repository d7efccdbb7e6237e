package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.remote.RegionListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ReactiveCacheAutoConfigurationTest {
    private static final String NOBODY = "redis://127.0.0.1:1";

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class));

    @Test
    void thereIsNoTierWithoutUri() {
        application.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisTier.class));
    }

    @Test
    void uriMakesOneTierThatNeedsNoRedisAtStartUp() {
        application.withPropertyValues("reactive-cache.redis.uri=" + NOBODY).run(context -> {
            assertThat(context).hasSingleBean(RedisTier.class);
            assertThat(context.getBean(RedisTier.class)).hasToString("RedisTier[127.0.0.1:1/0]");
        });
    }

    @Test
    void tierOfTheApplicationComesFirst() {
        application
                .withUserConfiguration(OwnTier.class)
                .withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:2")
                .run(context -> assertThat(context.getBean(RedisTier.class)).hasToString("RedisTier[127.0.0.1:1/0]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "embedded",
                "",
                "redis:/user:open-sesame@host",
                "http://user:open-sesame@host",
                "redis://user:open-sesame@host:6379/nine",
                "redis://user:open-sesame@",
                "redis://host:6379/open-sesame",
                "redis://host/nine?password=open-sesame",
                "redis://host:6379/0#open-sesame",
                "redis-sentinel://host:26379?password=open-sesame",
                "http://host?user=me&password=open-sesame",
            })
    void malformedUriFailsStartUpWithoutTellingThePassword(String uri) {
        application.withPropertyValues("reactive-cache.redis.uri=" + uri).run(context -> {
            assertThat(context).hasFailed();
            assertThat(stackTrace(context.getStartupFailure()))
                    .contains("reactive-cache.redis.uri: Redis URI '")
                    .doesNotContain("open-sesame");
            FailureAnalysis analysis = new InvalidRedisUriFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .startsWith("reactive-cache.redis.uri: Redis URI '")
                    .doesNotContain("open-sesame");
            assertThat(analysis.getAction()).contains("redis://[[user]:password@]host[:port][/database]");
        });
    }

    @Test
    void propertiesDoNotTellThePassword() {
        assertThat(properties("redis://:open-sesame@host").toString()).doesNotContain("open-sesame");
        assertThat(properties(null)).hasToString("RedisProperties[uri=none]");
    }

    @Test
    void contextClosesTheTierAfterTheBeansThatUseIt() {
        AtomicReference<RedisTier> tier = new AtomicReference<>();
        AtomicBoolean openForItsUser = new AtomicBoolean();

        application
                .withPropertyValues("reactive-cache.redis.uri=" + NOBODY)
                .withBean(TierUser.class, () -> new TierUser(openForItsUser))
                .withUserConfiguration(UsedTier.class)
                .run(context -> tier.set(context.getBean(RedisTier.class)));

        assertThat(openForItsUser)
                .as("tier was open when its user was destroyed")
                .isTrue();
        assertThatThrownBy(() -> tier.get().open("name", new DeafListener()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void silentRedisDoesNotHoldUpTheShutdown() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            AtomicReference<Long> closing = new AtomicReference<>();

            application
                    .withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:" + silent.getLocalPort())
                    .run(context -> {
                        silent.accept();
                        closing.set(System.nanoTime());
                    });

            assertThat(Duration.ofNanos(System.nanoTime() - closing.get())).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void startThatFailsConnectsNothing() throws IOException {
        try (ServerSocket redis = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            application
                    .withUserConfiguration(NeverStarts.class)
                    .withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:" + redis.getLocalPort())
                    .run(context -> assertThat(context).hasFailed());

            redis.setSoTimeout(2_000);
            assertThatThrownBy(redis::accept).as("nobody connects").isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static RedisProperties properties(String uri) {
        return new RedisProperties(true, uri, null, null, null, null, null, null, null);
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Configuration(proxyBeanMethods = false)
    static class NeverStarts {
        @Bean
        String typeCheck(ListableBeanFactory beans) {
            beans.getBeanNamesForType(Runnable.class);
            throw new IllegalStateException("no start today");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTier {
        @Bean
        RedisTier mine() {
            return RedisTier.connect(NOBODY);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class UsedTier {
        @Bean
        DisposableBean user(RedisTier tier, TierUser user) {
            return () -> user.leave(tier);
        }
    }

    record TierUser(AtomicBoolean openForIt) {
        void leave(RedisTier tier) {
            tier.open("name", new DeafListener());
            openForIt.set(true);
        }
    }

    private static final class DeafListener implements RegionListener {
        @Override
        public void onChange(String key, Change change) {}

        @Override
        public void onGap(String reason) {}
    }
}
