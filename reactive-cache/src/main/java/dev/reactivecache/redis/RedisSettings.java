package dev.reactivecache.redis;

import dev.reactivecache.internal.time.TimeSource;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * The settings of a tier.
 *
 * @param uri where Redis is, with our credentials
 * @param deployment how the server is chosen
 * @param limits how long things may take
 * @param notifications what to do when Redis does not announce changes
 * @param changes how it hears of changes
 * @param keys how keys and channels are spelt
 * @param timer the one source of time of the tier
 * @param retryJitter the largest share by which a delay between two attempts to connect is changed at random
 */
record RedisSettings(
        RedisURI uri,
        Deployment deployment,
        Limits limits,
        NotificationSetup notifications,
        ChangeSource changes,
        KeyLayout keys,
        TimeSource timer,
        double retryJitter) {

    /**
     * How long things may take.
     *
     * @param read the most that a read waits
     * @param write the most that anything else waits
     * @param staleness B: the most that an answer from memory may be behind Redis
     */
    record Limits(Duration read, Duration write, Duration staleness) {}

    Duration readTimeout() {
        return limits.read();
    }

    Duration writeTimeout() {
        return limits.write();
    }

    Duration stalenessBound() {
        return limits.staleness();
    }

    /** The same, of one node of a cluster: who we are, TLS and the rest are as for the whole of it. */
    RedisSettings at(SlotTable.Master master) {
        RedisURI there = RedisURI.builder(uri)
                .withHost(master.host())
                .withPort(master.port())
                .build();
        return new RedisSettings(there, Deployment.CLUSTER, limits, notifications, changes, keys, timer, retryJitter);
    }

    /** The server, for messages: without user and password. */
    String server() {
        if (uri.getSentinels().isEmpty()) {
            return uri.getHost() + ':' + uri.getPort() + '/' + uri.getDatabase();
        }
        return uri.getSentinels().stream()
                .map(sentinel -> sentinel.getHost() + ':' + sentinel.getPort())
                .collect(Collectors.joining(",", "", '#' + uri.getSentinelMasterId() + '/' + uri.getDatabase()));
    }

    /** A message about the server. */
    String about(String what) {
        return "Redis at " + server() + ": " + what;
    }

    /** Whether notification flags that are missing may be added to a server on the given host. */
    boolean mayAddFlags(String host) {
        return switch (notifications) {
            case ADD_MISSING -> true;
            case LEAVE -> false;
            case ADD_MISSING_ON_LOOPBACK -> isLoopback(host);
        };
    }

    /** By the spelling alone: looking a name up would block. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
    }
}
