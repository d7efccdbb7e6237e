package dev.reactivecache.redis;

import dev.reactivecache.remote.RegionListener.Change;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keyspace events that change or end an entry, and their channels. Not among them are the events of the commands
 * that the scripts keep their books with: {@code setrange}, {@code append} and {@code expire}.
 */
final class KeyEvents {
    private static final Map<String, Change> CHANGES = Map.ofEntries(
            Map.entry("del", Change.DELETED),
            Map.entry("expired", Change.EXPIRED),
            Map.entry("evicted", Change.EVICTED),
            Map.entry("rename_from", Change.DELETED),
            Map.entry("move_from", Change.DELETED),
            Map.entry("rename_to", Change.REPLACED),
            Map.entry("move_to", Change.REPLACED),
            Map.entry("copy_to", Change.REPLACED),
            Map.entry("restore", Change.REPLACED),
            Map.entry("set", Change.REPLACED),
            Map.entry("setbit", Change.REPLACED),
            Map.entry("incrby", Change.REPLACED),
            Map.entry("incrbyfloat", Change.REPLACED));

    private KeyEvents() {}

    /**
     * One channel for each event, exact: the cheapest kind on the server, and strangers' other events never come. And
     * some more.
     */
    static byte[][] channels(int database, byte[]... others) {
        return Stream.concat(
                        CHANGES.keySet().stream()
                                .map(event -> (prefix(database) + event).getBytes(StandardCharsets.US_ASCII)),
                        Stream.of(others))
                .toArray(byte[][]::new);
    }

    /** What an event on a channel means, or null if it is none of ours. */
    static @Nullable Change changeOn(byte[] channel) {
        int last = channel.length;
        while (last > 0 && channel[last - 1] != ':') {
            last--;
        }
        return CHANGES.get(new String(channel, last, channel.length - last, StandardCharsets.US_ASCII));
    }

    private static String prefix(int database) {
        return "__keyevent@" + database + "__:";
    }
}
