package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.redis.RedisTierBuilder;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StaticCredentialsProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.ssl.SslBundle;

/** Finds Redis where Spring Data would: by its properties, or by a container that the application was given. */
final class SpringDataRedisAddress {
    private final DataRedisConnectionDetails details;
    private final @Nullable SslBundle bundle;

    private SpringDataRedisAddress(DataRedisConnectionDetails details) {
        this.details = details;
        this.bundle = details.getSslBundle();
    }

    static RedisTierBuilder of(DataRedisConnectionDetails details) {
        return new SpringDataRedisAddress(details).begin();
    }

    private RedisTierBuilder begin() {
        Sentinel sentinel = details.getSentinel();
        if (sentinel != null) {
            return RedisTier.builder(behind(sentinel), ssl());
        }
        Cluster cluster = details.getCluster();
        if (cluster != null) {
            return RedisTier.clusterBuilder(
                    cluster.getNodes().stream()
                            .map(node -> node(node.host(), node.port(), 0))
                            .toList(),
                    ssl());
        }
        Standalone standalone = details.getStandalone();
        if (standalone != null) {
            return RedisTier.builder(node(standalone.getHost(), standalone.getPort(), standalone.getDatabase()), ssl());
        }
        throw new ReactiveCacheConfigurationException(
                "Spring Data's Redis is neither standalone, nor behind Sentinels, nor a cluster",
                "Name the master in reactive-cache.redis.uri, or keep caches in memory with"
                        + " reactive-cache.redis.enabled=false.");
    }

    private RedisURI node(String host, int port, int database) {
        return identified(RedisURI.builder()
                .withHost(host)
                .withPort(port)
                .withDatabase(database)
                .withSsl(bundle != null)
                .build());
    }

    private RedisURI behind(Sentinel sentinel) {
        RedisURI.Builder builder =
                RedisURI.builder().withSentinelMasterId(sentinel.getMaster()).withDatabase(sentinel.getDatabase());
        for (Node node : sentinel.getNodes()) {
            RedisURI one = RedisURI.create(node.host(), node.port());
            one.setSsl(bundle != null);
            RedisCredentialsProvider login = login(sentinel.getUsername(), sentinel.getPassword());
            if (login != null) {
                one.setCredentialsProvider(login);
            }
            builder.withSentinel(one);
        }
        return identified(builder.withSsl(bundle != null).build());
    }

    private RedisURI identified(RedisURI uri) {
        RedisCredentialsProvider login = login(details.getUsername(), details.getPassword());
        if (login != null) {
            uri.setCredentialsProvider(login);
        }
        return uri;
    }

    private static @Nullable RedisCredentialsProvider login(@Nullable String user, @Nullable String password) {
        return password == null ? null : new StaticCredentialsProvider(user, password.toCharArray());
    }

    private SslOptions ssl() {
        if (bundle == null) {
            return SslOptions.create();
        }
        SslOptions.Builder builder = SslOptions.builder()
                .keyManager(bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory());
        Setting.of(bundle.getOptions().getCiphers()).to(builder::cipherSuites);
        Setting.of(bundle.getOptions().getEnabledProtocols()).to(builder::protocols);
        return builder.build();
    }
}
