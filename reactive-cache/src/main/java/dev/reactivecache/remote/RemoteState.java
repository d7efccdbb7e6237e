package dev.reactivecache.remote;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a remote tier knows of one key. */
public sealed interface RemoteState {
    /** No stamp. */
    long NO_STAMP = 0;

    /**
     * A value, or the knowledge that the source has none.
     *
     * @param payload the encoded value; null if the source has none, or if it was not asked for
     * @param absent whether the source is known to have no value
     * @param stamp differs from that of any other content this key has had
     * @param ageNanos for how long it has been there
     * @param remainingNanos for how long it may yet be served, counted from when the question was sent; never too long
     * @param mark the generations that it belongs to; null if the node that stored it knew of none, or if only its
     *     stamp was asked for
     */
    record Value(
            @Nullable ByteBuffer payload,
            boolean absent,
            long stamp,
            long ageNanos,
            long remainingNanos,
            @Nullable Mark mark)
            implements RemoteState {}

    /** There is nothing. */
    record Missing() implements RemoteState {}

    /**
     * Another load has the right to fill it.
     *
     * @param remainingNanos for how much longer, unless that is renewed
     */
    record Loading(long remainingNanos) implements RemoteState {}

    /** Somebody is writing: what the source says now must not be stored. */
    record Writing() implements RemoteState {}

    /** Bytes that are not of a format known here. */
    record Foreign() implements RemoteState {}

    /** The asker now has the right to fill it. */
    record Leased() implements RemoteState {}

    /**
     * The tier did not answer. Regions never emit this: it is what a reader makes of their errors.
     *
     * @param cause the error
     */
    record Unavailable(Throwable cause) implements RemoteState {}
}
