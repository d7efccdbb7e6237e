package dev.reactivecache.remote;

/**
 * A stretch of an invalidation stream in which nothing can have been missed unnoticed. What was read under an epoch may
 * be answered from memory while that epoch lasts and has lately been heard from; after that it must be checked first.
 *
 * <p>Heard from: a question sent on the stream's own connection was answered, and all that came before the answer has
 * been applied. The time that counts is the one at which the question was <em>sent</em>.
 */
public final class Epoch {
    private static final long CHECKING = Long.MIN_VALUE; // no silence is as short as that

    private final long boundNanos;
    private volatile long heardAtNanos;
    private volatile boolean over;

    private Epoch(long boundNanos, long heardAtNanos, boolean over) {
        this.boundNanos = boundNanos;
        this.heardAtNanos = heardAtNanos;
        this.over = over;
    }

    /** An epoch that lasts until it is ended, for a cache that nobody else can change. */
    public static Epoch unbounded() {
        return new Epoch(Long.MAX_VALUE, 0, false);
    }

    /** An epoch that does not end, and in which every answer is checked first. */
    public static Epoch checking() {
        return new Epoch(CHECKING, 0, false);
    }

    /** An epoch that has ended before it began: what is read under it is never answered from memory unchecked. */
    public static Epoch none() {
        return none(0);
    }

    /** The same, where flights are {@linkplain #sharesAt shared} for as long as {@code boundNanos}. */
    public static Epoch none(long boundNanos) {
        return new Epoch(boundNanos, 0, true);
    }

    /** An epoch that answers only while it was heard from within the last {@code boundNanos}. */
    public static Epoch bounded(long boundNanos, long heardAtNanos) {
        return new Epoch(boundNanos, heardAtNanos, false);
    }

    /** Whether an entry of this epoch may be answered without asking. */
    public boolean answersAt(long nowNanos) {
        return !over && (boundNanos == Long.MAX_VALUE || nowNanos - heardAtNanos <= boundNanos);
    }

    /**
     * Whether another caller may share what was begun at {@code begunAtNanos} in this epoch, and was not voided by
     * anything heard since: it is not older than the bound, or whatever has changed before that has been heard of.
     */
    public boolean sharesAt(long nowNanos, long begunAtNanos) {
        return boundNanos == CHECKING || nowNanos - begunAtNanos <= boundNanos || answersAt(nowNanos);
    }

    /** Whether this epoch has not ended. */
    public boolean isLive() {
        return !over;
    }

    /** How long ago this epoch was heard from. */
    public long silentNanos(long nowNanos) {
        return nowNanos - heardAtNanos;
    }

    /** Notes that all events from before {@code sentAtNanos} have been applied. Called from one thread at a time. */
    public void heard(long sentAtNanos) {
        if (sentAtNanos - heardAtNanos > 0) {
            heardAtNanos = sentAtNanos;
        }
    }

    /** Ends this epoch for good. */
    public void end() {
        over = true;
    }
}
