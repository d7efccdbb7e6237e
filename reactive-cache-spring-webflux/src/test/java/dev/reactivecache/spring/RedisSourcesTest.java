package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RedisSourcesTest {
    private final ApplicationContextRunner alone = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class));
    private final ApplicationContextRunner application = alone.withConfiguration(
            AutoConfigurations.of(SslAutoConfiguration.class, DataRedisAutoConfiguration.class));

    @Test
    void springDatasStandaloneRedisIsUsed() {
        application
                .withPropertyValues(
                        "spring.data.redis.host=127.0.0.1",
                        "spring.data.redis.port=1",
                        "spring.data.redis.database=3",
                        "spring.data.redis.password=open-sesame")
                .run(context -> assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:1/3]"));
    }

    @Test
    void springDatasUrlIsUsed() {
        application
                .withPropertyValues("spring.data.redis.url=redis://me:open-sesame@127.0.0.1:2/1")
                .run(context -> assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:2/1]"));
    }

    @Test
    void springDatasSentinelsAreUsed() {
        application
                .withPropertyValues(
                        "spring.data.redis.sentinel.master=first",
                        "spring.data.redis.sentinel.nodes=127.0.0.1:3,127.0.0.1:4",
                        "spring.data.redis.sentinel.password=open-sesame")
                .run(context ->
                        assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:3,127.0.0.1:4#first/0]"));
    }

    @Test
    void springDatasClusterIsUsed() {
        application
                .withPropertyValues("spring.data.redis.cluster.nodes=127.0.0.1:5,127.0.0.1:6")
                .run(context -> assertTier(context.getBean(RedisTier.class), "127.0.0.1:5,127.0.0.1:6"));
    }

    @Test
    void tlsOfSpringDataIsTaken() {
        application
                .withPropertyValues("spring.data.redis.ssl.enabled=true", "spring.data.redis.port=1")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RedisTier.class));
    }

    @Test
    void connectionDetailsOfAContainerComeBeforeTheProperties() {
        application
                .withPropertyValues("spring.data.redis.port=1")
                .withBean(DataRedisConnectionDetails.class, () -> new DataRedisConnectionDetails() {
                    @Override
                    public Standalone getStandalone() {
                        return Standalone.of("127.0.0.1", 7);
                    }
                })
                .run(context -> assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:7/0]"));
    }

    @Test
    void uriOfTheCachesComesBeforeSpringData() {
        application
                .withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:8", "spring.data.redis.port=1")
                .run(context -> assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:8/0]"));
    }

    @Test
    void lettuceClientOfTheApplicationIsUsed() {
        RedisURI uri = RedisURI.create("redis://127.0.0.1:9");
        application
                .withBean(RedisURI.class, () -> uri)
                .withBean(RedisClient.class, () -> RedisClient.create(uri))
                .run(context -> assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:9/0]"));
        application
                .withBean(RedisClusterClient.class, () -> RedisClusterClient.create(uri))
                .run(context -> assertTier(context.getBean(RedisTier.class), "the given cluster client"));
    }

    @Test
    void redisCanBeSwitchedOff() {
        application
                .withPropertyValues("reactive-cache.redis.enabled=false", "spring.data.redis.port=1")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisTier.class));
    }

    @Test
    void settingsOfTheTierAreChecked() {
        alone.withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:1", "reactive-cache.redis.read-timeout=0s")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(new ReactiveCacheFailureAnalyzer()
                                    .analyze(context.getStartupFailure())
                                    .getDescription())
                            .startsWith("reactive-cache.redis: readTimeout (PT0S) must be above zero");
                });
    }

    @Test
    void keyPrefixIsOursOrElseThatOfSpringsCache() {
        assertPrefix("none");
        assertPrefix("shop:", "spring.cache.redis.key-prefix=shop:");
        assertPrefix("mine:", "spring.cache.redis.key-prefix=shop:", "reactive-cache.redis.key-prefix=mine:");
        assertPrefix("none", "spring.cache.redis.key-prefix=shop:", "reactive-cache.redis.key-prefix=");
    }

    private void assertPrefix(String expected, String... properties) {
        alone.withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:1")
                .withPropertyValues(properties)
                .run(context -> assertThat(context.getBean(RedisTier.class))
                        .hasToString("RedisTier[127.0.0.1:1/0"
                                + (expected.equals("none") ? "]" : ", keyPrefix " + expected + "]")));
    }

    @Test
    void keyPrefixThatIsRefusedStopsTheStartWithItsProperty() {
        assertRefused("reactive-cache.redis: keyPrefix ('{shop}')", "reactive-cache.redis.key-prefix={shop}");
        assertRefused("spring.cache.redis.key-prefix: keyPrefix ('{shop}')", "spring.cache.redis.key-prefix={shop}");
    }

    private void assertRefused(String description, String property) {
        alone.withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:1", property)
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(new ReactiveCacheFailureAnalyzer()
                                    .analyze(context.getStartupFailure())
                                    .getDescription())
                            .startsWith(description);
                });
    }

    @Test
    void customizersHaveTheLastWord() {
        StringBuilder seen = new StringBuilder();
        alone.withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:1")
                .withBean(RedisTierCustomizer.class, () -> builder -> seen.append("asked"))
                .run(context -> assertThat(seen).hasToString("asked"));
    }

    private static void assertTier(RedisTier tier, String named) {
        assertThat(tier.toString()).contains(named).doesNotContain("open-sesame");
    }
}
