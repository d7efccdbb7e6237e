package dev.reactivecache.redis;

import dev.reactivecache.policy.TimeSource;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * What a tier was told.
 *
 * @param uri where Redis is, and who we are there
 * @param deployment how the server is chosen
 * @param readTimeout the most that a read waits
 * @param writeTimeout the most that anything else waits
 * @param stalenessBound B: the most that an answer from memory may be behind Redis
 * @param notifications what to do when Redis does not tell of changes
 * @param changes how it hears of changes
 * @param timer the one source of time of the tier
 * @param retryJitter the largest share by which a delay between two attempts to connect is changed at random
 */
record RedisSettings(
        RedisURI uri,
        Deployment deployment,
        Duration readTimeout,
        Duration writeTimeout,
        Duration stalenessBound,
        NotificationSetup notifications,
        ChangeSource changes,
        TimeSource timer,
        double retryJitter) {

    /** The same, of one node of a cluster. */
    RedisSettings at(RedisURI node) {
        return new RedisSettings(
                node,
                Deployment.CLUSTER,
                readTimeout,
                writeTimeout,
                stalenessBound,
                notifications,
                changes,
                timer,
                retryJitter);
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
