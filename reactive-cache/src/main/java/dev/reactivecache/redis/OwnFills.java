package dev.reactivecache.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.remote.RemoteState;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this node is doing, or has just done, to fill keys. By that it recognizes its own part in what a key is now.
 * Kept only for a stream that announces this node's own fills. Forgetting one too early costs a copy in memory, never
 * truth.
 */
final class OwnFills {
    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final int MOST = 100_000;

    private final Cache<ByteBuffer, OwnFill> fills = Caffeine.newBuilder()
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
     * @param awaited how many more times the stream will announce it, at most
     */
    record OwnFill(long token, long stamp, int awaited) {
        /** Whether an entry's first bytes are this attempt's doing, and nobody has changed the key since. */
        boolean isOn(byte[] header) {
            return WireFormat.isHeldBy(header, token)
                    || (stamp != RemoteState.NO_STAMP && WireFormat.isStamped(header, stamp));
        }
    }

    /** Attempts are remembered from now on. */
    void want() {
        wanted = true;
    }

    /** The right to fill a key is asked for, or prolonged. */
    void claim(byte[] key, long token) {
        remember(key, token, RemoteState.NO_STAMP);
    }

    /** A value is sent under that right. */
    void fill(byte[] key, long token, long stamp) {
        remember(key, token, stamp);
    }

    private void remember(byte[] key, long token, long stamp) {
        if (wanted) {
            fills.asMap()
                    .merge(
                            ByteBuffer.wrap(key),
                            new OwnFill(token, stamp, 1),
                            (before, added) ->
                                    before.token() == token ? new OwnFill(token, stamp, before.awaited() + 1) : added);
        }
    }

    /** The stream has announced an attempt. One that is complete is forgotten after its last announcement. */
    void echoed(byte[] key, OwnFill announced) {
        fills.asMap()
                .computeIfPresent(
                        ByteBuffer.wrap(key),
                        (same, fill) -> fill.token() != announced.token()
                                ? fill
                                : fill.awaited() <= 1 && fill.stamp() != RemoteState.NO_STAMP
                                        ? null
                                        : new OwnFill(fill.token(), fill.stamp(), fill.awaited() - 1));
    }

    /** The right was refused, or is given back. */
    void forget(byte[] key, long token) {
        if (wanted) {
            fills.asMap().computeIfPresent(ByteBuffer.wrap(key), (same, fill) -> fill.token() == token ? null : fill);
        }
    }

    @Nullable
    OwnFill of(byte[] key) {
        return fills.getIfPresent(ByteBuffer.wrap(key));
    }
}
