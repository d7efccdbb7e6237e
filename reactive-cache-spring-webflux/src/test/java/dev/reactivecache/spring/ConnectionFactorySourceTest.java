package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.reactivecache.redis.RedisTier;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The application has made its connection factory itself, and there are no properties. */
class ConnectionFactorySourceTest {
    private final ApplicationContextRunner alone = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class));
    private final ApplicationContextRunner application = alone.withConfiguration(
            AutoConfigurations.of(SslAutoConfiguration.class, DataRedisAutoConfiguration.class));

    @Test
    void oneRedisIsUsed() {
        RedisStandaloneConfiguration one = new RedisStandaloneConfiguration("127.0.0.1", 1);
        one.setDatabase(3);
        one.setPassword("open-sesame");
        assertTier(one, "RedisTier[127.0.0.1:1/3]");
    }

    @Test
    void sentinelsAreUsed() {
        RedisSentinelConfiguration sentinels = new RedisSentinelConfiguration();
        sentinels.setMaster("first");
        sentinels.sentinel("127.0.0.1", 3);
        sentinels.setSentinelPassword("open-sesame");
        assertTier(sentinels, "RedisTier[127.0.0.1:3#first/0]");
    }

    @Test
    void clusterIsUsed() {
        assertTier(new RedisClusterConfiguration(List.of("127.0.0.1:5", "127.0.0.1:6")), "127.0.0.1:5,127.0.0.1:6");
    }

    @Test
    void tlsOfTheFactoryIsTaken() {
        application
                .withBean(
                        RedisConnectionFactory.class,
                        () -> new LettuceConnectionFactory(
                                new RedisStandaloneConfiguration("127.0.0.1", 1),
                                LettuceClientConfiguration.builder().useSsl().build()))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RedisTier.class));
    }

    @Test
    void factoryIsUsedWhereBootDoesNotConfigureRedis() {
        alone.withBean(
                        RedisConnectionFactory.class,
                        () -> new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", 1)))
                .run(context -> assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:1/0]"));
    }

    @Test
    void uriOfTheCachesComesFirst() {
        application
                .withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:8")
                .withBean(RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .run(context -> assertTier(context.getBean(RedisTier.class), "RedisTier[127.0.0.1:8/0]"));
    }

    @Test
    void factoryThatDoesNotTellWhereItsRedisIsStopsTheStart() {
        assertRefused(mock(RedisConnectionFactory.class), "a RedisConnectionFactory of type ");
        assertRefused(
                new LettuceConnectionFactory(new RedisSocketConfiguration("redis.sock")), "a factory for a socket");
        assertRefused(
                new LettuceConnectionFactory(new RedisStaticMasterReplicaConfiguration("127.0.0.1", 1)),
                "or static replicas");
    }

    @Test
    void severalFactoriesStopTheStart() {
        application
                .withBean("a", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .withBean("b", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .run(context -> assertFailure(context.getStartupFailure(), "cannot choose among several"));
    }

    private void assertTier(RedisConfiguration settings, String named) {
        application
                .withBean(RedisConnectionFactory.class, () -> new LettuceConnectionFactory(settings))
                .run(context -> assertTier(context.getBean(RedisTier.class), named));
    }

    private static void assertTier(RedisTier tier, String named) {
        assertThat(tier.toString()).contains(named).doesNotContain("open-sesame");
    }

    private void assertRefused(RedisConnectionFactory factory, String problem) {
        application
                .withBean(RedisConnectionFactory.class, () -> factory)
                .run(context -> assertFailure(context.getStartupFailure(), problem));
    }

    private static void assertFailure(Throwable failure, String problem) {
        var analysis = new ReactiveCacheFailureAnalyzer().analyze(failure);
        assertThat(analysis).as(() -> "analysis of " + failure).isNotNull();
        assertThat(analysis.getDescription()).contains(problem);
        assertThat(analysis.getAction()).contains("reactive-cache.redis.uri", "reactive-cache.redis.enabled=false");
    }
}
