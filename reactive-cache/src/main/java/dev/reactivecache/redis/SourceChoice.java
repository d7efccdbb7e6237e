package dev.reactivecache.redis;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which source of changes a stream listens to, where there is a choice. */
final class SourceChoice {
    private static final Logger LOG = LoggerFactory.getLogger(SourceChoice.class);

    /** A server that is merely slow does not seem silent so often in a row. */
    private static final int DOUBTS = 3;

    private final RedisSettings settings;
    private final AtomicInteger doubts = new AtomicInteger();
    private volatile boolean tracking;

    SourceChoice(RedisSettings settings) {
        this.settings = settings;
        this.tracking = settings.changes() == ChangeSource.TRACKING;
    }

    /** A connection of the kind that is chosen now. */
    ChangeConnection listenOn(
            StatefulRedisPubSubConnection<byte[], byte[]> connection,
            FillNotes notes,
            ChangeConnection.Owner owner,
            ChangeListener listener) {
        return tracking
                ? new TrackingConnection(connection, settings, notes, owner, listener)
                : new EventConnection(connection, settings, notes, owner, listener);
    }

    /** The source has announced a change. */
    void proved() {
        doubts.set(0);
    }

    /** Whether another source is to be tried at once, since the server does not serve this one. */
    boolean leaves(ChangeConnection source, Throwable failure) {
        boolean leaves = settings.changes() == ChangeSource.EVENTS_OR_TRACKING
                && settings.deployment() != Deployment.CLUSTER
                && source instanceof EventConnection
                && failure instanceof RedisConfigurationException found
                && (found.isCertain() || doubts.incrementAndGet() == DOUBTS);
        if (leaves) {
            tracking = true;
            LOG.info("{}; its changes are tracked instead", failure.getMessage());
        }
        return leaves;
    }
}
