package dev.reactivecache.redis;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which source of changes a stream listens to, where there is a choice. */
final class SourceChoice {
    private static final Logger LOG = LoggerFactory.getLogger(RedisTier.class);

    private final RedisSettings settings;
    private volatile boolean tracking;

    SourceChoice(RedisSettings settings) {
        this.settings = settings;
        this.tracking = settings.changes() == ChangeSource.TRACKING;
    }

    /** A connection of the kind that is chosen now. */
    ChangeConnection listenOn(
            StatefulRedisPubSubConnection<byte[], byte[]> connection, FillNotes notes, ChangeConnection.Owner owner) {
        return tracking
                ? new TrackingConnection(connection, settings, notes, owner)
                : new EventConnection(connection, settings, notes, owner);
    }

    /** Whether another source is to be tried at once, since the server does not serve this one. */
    boolean leaves(ChangeConnection source, Throwable failure) {
        boolean leaves = settings.changes() == ChangeSource.EVENTS_OR_TRACKING
                && settings.deployment() != Deployment.CLUSTER
                && source instanceof EventConnection
                && failure instanceof RedisConfigurationException;
        if (leaves) {
            tracking = true;
            LOG.info("{}; its changes are tracked instead", failure.getMessage());
        }
        return leaves;
    }
}
