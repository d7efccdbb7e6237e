package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/**
 * One connection on which a server announces changes, which go to a {@link ChangeListener}. Lettuce reconnects it by
 * itself and does not say so: the owner learns of each loss, and of each time that it listens again. The owner's
 * methods and the listener's are called on the connection's event loop, in the order in which Redis sent what they are
 * about.
 */
interface ChangeConnection {
    /** Follows the connection's life. */
    interface Owner {
        /** Redis has agreed to everything: from now on changes are announced. */
        void onSubscribed(ChangeConnection source);

        /** Changes may have been missed. */
        void onLost(ChangeConnection source, String reason);

        /** All keys may have gone. */
        void onFlushed(ChangeConnection source);

        /** All changes from before {@code sentAtNanos} have been passed on. */
        void onAlive(ChangeConnection source, long sentAtNanos);

        /** A change made as a test, at {@code sentAtNanos}, was announced: Redis does announce changes. */
        void onProved(ChangeConnection source, long sentAtNanos);
    }

    /** Begins to listen. */
    Mono<Void> begin();

    boolean isOpen();

    /** Whether Redis has agreed to everything. What it agreed to in part is never renewed: another one is needed. */
    boolean isSubscribed();

    /** Asks whether the stream is alive. */
    void ping();

    /** How many questions have had no answer since the last that had one. */
    int unanswered();

    /**
     * Checks whether the server is set to announce changes, and sets it if that is allowed and needed. Emits whether it
     * had to be set; errors if that is not possible.
     *
     * @param beforeSetting what to do before: other nodes need not see that it had not been set
     */
    Mono<Boolean> requireTelling(CommandLink link, Mono<Void> beforeSetting);

    /**
     * Errors with {@link NotMasterException} if the link leads to another server than this connection does. Names move,
     * and Sentinels change their minds: two connections to one address need not end at one server, and a change at the
     * one would be announced at the other late, or never.
     */
    Mono<Void> requireServerOf(CommandLink link, Duration limit);

    /**
     * Changes a key of its own, and completes once the stream has announced that. Errors with {@link TimeoutException}
     * if the change was acknowledged and not announced in time.
     */
    Mono<Void> probe(CommandLink link, Duration limit);

    /** Whether a change made for a probe, by this node or another, was announced within the last {@code span}. */
    boolean heardProbeWithin(Duration span);

    /** The error for a server that did not announce a change made as a test. */
    RemoteTierException unproved();

    /** The error for a server that does not let us listen. */
    RemoteTierException refused(Throwable refusal);

    Mono<Void> close();
}
