package dev.reactivecache.redis;

import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/**
 * One connection on which a server tells of changes. Lettuce reconnects it without a word to the listener: so each loss,
 * and each time that it listens again, is told to the owner. All of the owner's methods are called on the connection's
 * event loop, in the order in which Redis sent what they tell of.
 */
interface ChangeConnection {
    /** Who is told. */
    interface Owner {
        /** Redis has agreed to everything: from now on word of changes comes. */
        void onSubscribed(ChangeConnection source);

        /** Changes may have been missed. */
        void onLost(ChangeConnection source, String reason);

        /** All keys may have gone. */
        void onFlushed(ChangeConnection source);

        /** A key of ours changed. */
        void onChange(KeyLayout.EntryKey entry, Change change);

        /** A key of ours changed, at least by what this node itself did to fill it, perhaps by others before that. */
        void onEcho(KeyLayout.EntryKey entry, OwnMarks.Mark mark);

        /** Something was said about receipts. All changes from before it have been told. */
        void onReceipt(ReceiptWord word);

        /** All changes from before {@code sentAtNanos} have been told. */
        void onAlive(ChangeConnection source, long sentAtNanos);

        /** A change made to try it, at {@code sentAtNanos}, was told: Redis does tell. */
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
     * Looks whether the server is set to tell of changes, and sets it if that is allowed and needed. Emits whether it had
     * to be set; errors if that is not possible.
     *
     * @param beforeSetting what to do before: other nodes need not see that it had not been set
     */
    Mono<Boolean> requireTelling(CommandLink link, Mono<Void> beforeSetting);

    /**
     * Errors with {@link NotMasterException} if the link leads to another server than this connection does. Names move,
     * and Sentinels change their minds: two connections to one address need not end at one server, and what is changed
     * at the one would be told at the other late, or never.
     */
    Mono<Void> requireServerOf(CommandLink link, Duration limit);

    /**
     * Changes a key of its own, and completes once the stream has told of it. Errors with {@link TimeoutException} if the
     * change was acknowledged and the stream does not tell of it in time.
     */
    Mono<Void> probe(CommandLink link, Duration limit);

    /** Whether a change made for a probe, by this node or another, was told within the last {@code span}. */
    boolean heardProbeWithin(Duration span);

    /** The error for a server that did not tell of a change made to try it. */
    RemoteTierException unproved();

    /** The error for a server that does not let us listen. */
    RemoteTierException refused(Throwable refusal);

    Mono<Void> close();
}
