package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.redis.RedisTierBuilder;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StaticCredentialsProvider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Where a connection factory of Spring Data's for Lettuce finds its Redis, with login and TLS. */
final class LettuceFactoryAddress {
    private final LettuceClientConfiguration client;

    private LettuceFactoryAddress(LettuceClientConfiguration client) {
        this.client = client;
    }

    /**
     * Begins a tier; empty if the factory is neither for one Redis, nor for Sentinels, nor for a cluster. What it is
     * for shows in a field alone: of one for static replicas all methods say that it is for a Redis on localhost.
     */
    static Optional<RedisTierBuilder> of(LettuceConnectionFactory factory) {
        LettuceFactoryAddress address = new LettuceFactoryAddress(factory.getClientConfiguration());
        Object settings = new DirectFieldAccessor(factory).getPropertyValue("configuration");
        if (settings instanceof RedisClusterConfiguration cluster) {
            return Optional.of(address.cluster(cluster));
        }
        if (settings instanceof RedisSentinelConfiguration sentinels) {
            return Optional.of(address.behind(sentinels));
        }
        return settings instanceof RedisStandaloneConfiguration one
                ? Optional.of(address.standalone(one))
                : Optional.empty();
    }

    private RedisTierBuilder standalone(RedisStandaloneConfiguration one) {
        RedisURI uri = node(one.getHostName(), one.getPort());
        uri.setDatabase(one.getDatabase());
        return RedisTier.builder(identified(uri, one), ssl());
    }

    private RedisTierBuilder cluster(RedisClusterConfiguration cluster) {
        return RedisTier.clusterBuilder(
                cluster.getClusterNodes().stream()
                        .map(node -> identified(node(String.valueOf(node.getHost()), port(node)), cluster))
                        .toList(),
                ssl());
    }

    private RedisTierBuilder behind(RedisSentinelConfiguration sentinels) {
        RedisURI.Builder builder = RedisURI.builder()
                .withSentinelMasterId(sentinels.getRequiredMaster().getName())
                .withDatabase(sentinels.getDatabase())
                .withSsl(client.isUseSsl())
                .withVerifyPeer(client.getVerifyMode());
        RedisCredentialsProvider login = client.getRedisCredentialsProviderFactory()
                .map(own -> own.createSentinelCredentialsProvider(sentinels))
                .orElseGet(() -> login(sentinels.getSentinelUsername(), sentinels.getSentinelPassword()));
        for (RedisNode sentinel : sentinels.getSentinels()) {
            RedisURI one = node(String.valueOf(sentinel.getHost()), port(sentinel));
            Setting.of(login).to(one::setCredentialsProvider);
            builder.withSentinel(one);
        }
        return RedisTier.builder(identified(builder.build(), sentinels), ssl());
    }

    private static int port(RedisNode node) {
        return node.getPortOr(RedisURI.DEFAULT_REDIS_PORT);
    }

    private RedisURI node(String host, int port) {
        RedisURI uri = RedisURI.create(host, port);
        uri.setSsl(client.isUseSsl());
        uri.setStartTls(client.isStartTls());
        uri.setVerifyPeer(client.getVerifyMode());
        return uri;
    }

    private <C extends RedisConfiguration & WithAuthentication> RedisURI identified(RedisURI uri, C settings) {
        Setting.of(client.getRedisCredentialsProviderFactory()
                        .map(own -> own.createCredentialsProvider(settings))
                        .orElseGet(() -> login(settings.getUsername(), settings.getPassword())))
                .to(uri::setCredentialsProvider);
        return uri;
    }

    private static @Nullable RedisCredentialsProvider login(@Nullable String user, RedisPassword password) {
        return password.isPresent() ? new StaticCredentialsProvider(user, password.get()) : null;
    }

    private SslOptions ssl() {
        return client.getClientOptions().map(ClientOptions::getSslOptions).orElseGet(SslOptions::create);
    }
}
