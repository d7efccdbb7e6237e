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
        if (!(failure instanceof RedisConfigurationException found) || !mayLeave(source)) {
            return false;
        }
        boolean leaves = found.verdict() == SourceVerdict.REFUSED
                || (found.verdict() == SourceVerdict.DOUBTFUL && doubts.incrementAndGet() == DOUBTS);
        if (leaves) {
            tracking = true;
            LOG.info("{}: so our keys are tracked, with CLIENT TRACKING", found.finding());
        }
        return leaves;
    }

    /** Whether a failure that is not enough to try another source may yet be, if it comes again. */
    boolean isUndecided(ChangeConnection source, Throwable failure) {
        return mayLeave(source)
                && failure instanceof RedisConfigurationException found
                && found.verdict() == SourceVerdict.DOUBTFUL;
    }

    private boolean mayLeave(ChangeConnection source) {
        return settings.changes() == ChangeSource.EVENTS_OR_TRACKING
                && settings.deployment() != Deployment.CLUSTER
                && source instanceof EventConnection;
    }
}
