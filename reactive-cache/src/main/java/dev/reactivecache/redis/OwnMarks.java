package dev.reactivecache.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.remote.RemoteState;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this node is doing, or has just done, to fill keys: by that it knows its own hand in what a key now is. Only for a
 * stream that tells of such doings. A mark that is forgotten too early costs a copy, never truth.
 */
final class OwnMarks {
    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final int MOST = 100_000;

    private final Cache<ByteBuffer, Mark> marks = Caffeine.newBuilder()
            .expireAfterWrite(SPAN)
            .maximumSize(MOST)
            .executor(Runnable::run)
            .build();
    private volatile boolean wanted;

    /**
     * One attempt to fill a key.
     *
     * @param token under which it is made
     * @param stamp of the value that was sent, or {@link RemoteState#NO_STAMP} before that
     * @param awaited how many more times the stream will tell of it, at most
     */
    record Mark(long token, long stamp, int awaited) {
        /** Whether what an entry's first bytes say is this attempt's doing, and nobody has changed the key since. */
        boolean isOn(byte[] header) {
            return WireFormat.isHeldBy(header, token)
                    || (stamp != RemoteState.NO_STAMP && WireFormat.isStamped(header, stamp));
        }
    }

    /** Marks are taken from now on. */
    void want() {
        wanted = true;
    }

    /** The right to fill a key is asked for, or prolonged. */
    void claim(byte[] key, long token) {
        mark(key, token, RemoteState.NO_STAMP);
    }

    /** A value is sent under that right. */
    void fill(byte[] key, long token, long stamp) {
        mark(key, token, stamp);
    }

    private void mark(byte[] key, long token, long stamp) {
        if (wanted) {
            marks.asMap()
                    .merge(
                            ByteBuffer.wrap(key),
                            new Mark(token, stamp, 1),
                            (before, added) ->
                                    before.token() == token ? new Mark(token, stamp, before.awaited() + 1) : added);
        }
    }

    /** The stream has told of an attempt. Of one that is complete it soon tells no more. */
    void echoed(byte[] key, Mark told) {
        marks.asMap()
                .computeIfPresent(
                        ByteBuffer.wrap(key),
                        (same, mark) -> mark.token() != told.token()
                                ? mark
                                : mark.awaited() <= 1 && mark.stamp() != RemoteState.NO_STAMP
                                        ? null
                                        : new Mark(mark.token(), mark.stamp(), mark.awaited() - 1));
    }

    /** The right was refused, or is given back. */
    void forget(byte[] key, long token) {
        if (wanted) {
            marks.asMap().computeIfPresent(ByteBuffer.wrap(key), (same, mark) -> mark.token() == token ? null : mark);
        }
    }

    @Nullable
    Mark of(byte[] key) {
        return marks.getIfPresent(ByteBuffer.wrap(key));
    }
}
