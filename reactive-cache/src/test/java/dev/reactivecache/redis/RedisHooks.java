package dev.reactivecache.redis;

import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What this package does in a place where the simulator has taken a guard out. */
public final class RedisHooks {
    private static final ThreadLocal<Map<FillNotes, FillNotes.Note>> LAST = ThreadLocal.withInitial(WeakHashMap::new);

    private RedisHooks() {}

    /** The note that a message is, or else the last one that there was. */
    public static FillNotes.@Nullable Note readOrLast(FillNotes notes, byte[] channel, byte[] message) {
        FillNotes.Note note = notes.read(channel, message);
        if (note != null) {
            LAST.get().put(notes, note);
        }
        return LAST.get().get(notes);
    }

    /** A clock that is some seconds slow, as this machine's own might be. */
    public static long slow(RedisClock clock, long nanos) {
        return clock.millisAt(nanos) - 5_000;
    }

    /** Leaves the guard where it is. */
    public static Mono<Void> leave(FlushGuard guard) {
        return Mono.empty();
    }
}
