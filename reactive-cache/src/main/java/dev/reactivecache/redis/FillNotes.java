package dev.reactivecache.redis;

import dev.reactivecache.remote.RegionListener.Change;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Notes that scripts publish right before a deletion that is no invalidation: the one that a fill, or giving up the
 * right to one, cannot do without. A script is atomic, so on each connection the deletion is the very next message.
 *
 * <p>A note is the state in which the key was found, the node that acts, and the key. On the same channel, {@code E}
 * and a key: a load of it has ended, and has left it its content, so that no deletion follows.
 */
final class FillNotes {
    private static final int NODE = 1;
    private static final int KEY = NODE + 16;
    private static final byte NO_VALUE = 'L';
    private static final byte LOAD_END = 'E';

    private final byte[] channel;
    private final byte[] node;
    private final OwnFills fills = new OwnFills();

    /** The notes on one channel, as one node sees them. */
    FillNotes(byte[] channel, long node) {
        this.channel = channel;
        this.node = HexFormat.of().toHexDigits(node).getBytes(StandardCharsets.US_ASCII);
    }

    /** Where notes are published. */
    byte[] channel() {
        return channel;
    }

    /** This node, as the scripts spell it. */
    byte[] node() {
        return node;
    }

    /** What this node fills, for a stream that carries no notes. */
    OwnFills fills() {
        return fills;
    }

    /** The note that a message is, or null if it is none. */
    @Nullable
    Note read(byte[] channel, byte[] message) {
        if (message.length <= KEY || message[0] == LOAD_END || !Arrays.equals(channel, this.channel)) {
            return null;
        }
        boolean own = Arrays.equals(message, NODE, KEY, node, 0, node.length);
        Change change = message[0] == NO_VALUE ? Change.FILLED : Change.REPLACED;
        return new Note(Arrays.copyOfRange(message, KEY, message.length), own, change);
    }

    /** The key of which a message says that a load has left it its content, or null if it says no such thing. */
    byte @Nullable [] endOfLoad(byte[] channel, byte[] message) {
        return message.length > 1 && message[0] == LOAD_END && Arrays.equals(channel, this.channel)
                ? Arrays.copyOfRange(message, 1, message.length)
                : null;
    }

    /** What the deletion that follows means. */
    static final class Note {
        private final byte[] key;
        private final boolean own;
        private final Change change;

        private Note(byte[] key, boolean own, Change change) {
            this.key = key;
            this.own = own;
            this.change = change;
        }

        boolean isAbout(byte[] deleted) {
            return Arrays.equals(key, deleted);
        }

        /** What the deletion is to this node; null if it is its own. */
        @Nullable
        Change meaning() {
            return own ? null : change;
        }
    }
}
