package dev.reactivecache.remote;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a remote tier knows of one key. */
public sealed interface RemoteState {
    /** No stamp. */
    long NO_STAMP = 0;

    /**
     * A value that may be served, fresh or within one of its {@link Windows}; or the knowledge that the source has
     * none.
     *
     * @param payload the encoded value; null if the source has none, or if it was not asked for
     * @param absent whether the source is known to have no value
     * @param stamp differs from that of any other content this key has had
     * @param ageNanos how long ago the source last confirmed it
     * @param remaining for how much longer it is of which use
     * @param loadNanos how long the source took
     * @param restNanos for how much longer nobody is to refresh it, since refreshes have failed; zero if anybody may
     * @param mark the generations that it belongs to; null if the node that stored it knew of none, or if only its
     *     stamp was asked for
     */
    record Value(
            @Nullable ByteBuffer payload,
            boolean absent,
            long stamp,
            long ageNanos,
            Remaining remaining,
            long loadNanos,
            long restNanos,
            @Nullable Mark mark)
            implements RemoteState {}

    /**
     * How much longer something is of which use, counted from when the question was sent; never too long. Negative:
     * for how long it has not been.
     *
     * @param freshNanos until the end of its ttl
     * @param revalidateNanos until the end of the window in which it may be served while it is refreshed
     * @param errorNanos until the end of the window in which it may be served if the source fails
     */
    record Remaining(long freshNanos, long revalidateNanos, long errorNanos) {
        /** Of something without windows. */
        public static Remaining of(long freshNanos) {
            return new Remaining(freshNanos, freshNanos, freshNanos);
        }

        /** Whether its ttl has not ended. */
        public boolean isFresh() {
            return freshNanos > 0;
        }

        /** Until it may not be served in any case. */
        public long servedNanos() {
            return Math.max(freshNanos, Math.max(revalidateNanos, errorNanos));
        }
    }

    /** There is nothing that may be served. */
    record Missing() implements RemoteState {}

    /**
     * Another load has the right to fill it.
     *
     * @param remainingNanos for how much longer, unless that is renewed
     */
    record Loading(long remainingNanos) implements RemoteState {}

    /**
     * Refreshes of the value have failed, and nobody is to try it again for a while.
     *
     * @param remainingNanos for how much longer
     */
    record Resting(long remainingNanos) implements RemoteState {}

    /** Somebody is writing: what the source says now must not be stored. */
    record Writing() implements RemoteState {}

    /** Bytes that are not of a format known here. */
    record Foreign() implements RemoteState {}

    /**
     * The asker now has the right to fill it.
     *
     * @param over whether what is there, and would be replaced, is the content with the stamp that the asker named
     */
    record Leased(boolean over) implements RemoteState {}

    /**
     * The tier did not answer. Regions never emit this: it is what a reader makes of their errors.
     *
     * @param cause the error
     */
    record Unavailable(Throwable cause) implements RemoteState {}
}
