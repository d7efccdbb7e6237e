package dev.reactivecache.sim;

import dev.reactivecache.model.ModelRedis;
import dev.reactivecache.redis.SimulatedTier;
import dev.reactivecache.redis.StoredEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened to keys in Redis, and when. A <em>touch</em> is what every node must drop its copy for: an
 * invalidation, the beginning of a write, and each event that the library subscribes to, but for those of fills and of
 * rights given back.
 */
final class ServerLog implements ModelRedis.Witness {
    private static final Set<String> HEARD = Set.of("del", "set", "expired", "evicted");
    private static final Set<String> NO_TOUCH = Set.of("fill", "release");
    private static final Set<String> ALWAYS_A_TOUCH = Set.of("invalidate", "begin-write");
    private static final String FLUSHED = "flush";

    private final World world;
    private final Map<String, List<Touch>> touches = new HashMap<>();
    private final Map<String, Maker> makers = new HashMap<>();
    private final List<Silence> silences = new ArrayList<>();
    private long lastDisturbance = -1;
    private final Map<String, Long> disturbances = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final Set<String> orphanedNotes = new HashSet<>();
    private final Map<String, Long> rests = new HashMap<>();
    private long troubledUntil = -1;
    private @Nullable String script;
    private @Nullable String takenForNoted;

    ServerLog(World world) {
        this.world = world;
    }

    /**
     * One touch.
     *
     * @param at when: what was born before it must go
     * @param told when Redis announced it, which is later for the end of a tag or of the whole cache
     * @param event what it was
     * @param silence in which Redis told nobody, or null
     */
    record Touch(long at, long told, String event, @Nullable Silence silence) {
        /** From when on a node knows of it, but for the time that any message may take. */
        long knownBy(SimProcess process, long probePeriod) {
            if (silence != null) {
                return Math.max(told, silence.noticedBy(process, probePeriod));
            }
            return event.equals(FLUSHED) ? told + probePeriod : told;
        }
    }

    /** A while in which notifications are off. */
    private static final class Silence {
        private final long from;
        private long to = Maker.NEVER;
        private @Nullable SimProcess endedBy;

        Silence(long from) {
            this.from = from;
        }

        /** Who ends it notices it, and who probes within it. Nobody else can. */
        long noticedBy(SimProcess process, long probePeriod) {
            if (endedBy == process) {
                return to + probePeriod - Terms.PROBE_PERIOD.toNanos();
            }
            return to == Maker.NEVER || to - from >= probePeriod ? from + probePeriod : Maker.NEVER;
        }
    }

    void add(Maker maker) {
        touches.computeIfAbsent(maker.slot.redisKey(), same -> new ArrayList<>());
        makers.put(maker.value(), maker);
    }

    @Nullable
    Maker maker(String value) {
        return makers.get(value);
    }

    void begins(String name, String key) {
        script = name;
    }

    void ends(String name, String key, List<String> args, @Nullable Object reply, @Nullable String bytes) {
        script = null;
        if (NO_TOUCH.contains(name) && silence() != null) {
            orphanedNotes.add(key); // the deletion that the note is about is not told: the next may be taken for it
        }
        if (name.equals("end-generation")) {
            ends.put(SimulatedTier.endedKeyOf(key, args.get(1)), world.now());
        }
        if (ALWAYS_A_TOUCH.contains(name)) {
            touch(name, key);
        }
        forgetNote();
        if (!key.startsWith("rc::")) {
            world.note("redis   %s %s -> %s", name, key, reply instanceof String text ? text.charAt(0) : reply);
        }
        StoredEntry entry = StoredEntry.of(bytes);
        if (entry != null && entry.holder() == 0 && entry.deadlineMillis() > 0) {
            rests.put(key, nanos(entry.deadlineMillis()));
        }
        Maker maker = entry == null ? null : makers.get(entry.payload());
        if (maker != null) {
            maker.stored = world.now();
            maker.freshUntil = nanos(entry.freshMillis());
            maker.revalidateUntil = nanos(entry.revalidateMillis());
            maker.errorUntil = nanos(entry.errorMillis());
            maker.servedUntil = nanos(entry.servedMillis());
        }
    }

    private static long nanos(long redisMillis) {
        return redisMillis * 1_000_000 - World.REDIS_EPOCH_NANOS;
    }

    /** A fault that may have its effects until a moment. */
    void trouble(long until) {
        troubledUntil = Math.max(troubledUntil, until);
    }

    /** Whether no fault has had an effect since a moment. */
    boolean untroubledSince(long since) {
        return troubledUntil < since && lastDisturbance < since;
    }

    /** The last touch of a key, told or not, or zero; but for some kinds. */
    long lastTouchAt(Slot slot, Set<String> but) {
        return touches.getOrDefault(slot.redisKey(), List.of()).stream()
                .filter(touch -> !but.contains(touch.event()))
                .mapToLong(Touch::at)
                .max()
                .orElse(0);
    }

    /** Until when the key rests, or rested, as Redis last had it; zero if it never did. */
    long restUntil(Slot slot) {
        return rests.getOrDefault(slot.redisKey(), 0L);
    }

    @Override
    public void onEvent(String event, String key) {
        if (key.startsWith("rc::") || !HEARD.contains(event)) {
            return;
        }
        if (script == null) {
            world.note("redis   %s: %s", key, event);
        }
        if (script == null || !event.equals("del") || !NO_TOUCH.contains(script)) {
            touch(script == null ? event : script, key);
        }
        if (script == null) {
            forgetNote();
        }
    }

    /** All that one command does to a key is one message. */
    private void forgetNote() {
        if (takenForNoted != null) {
            orphanedNotes.remove(takenForNoted);
            takenForNoted = null;
        }
    }

    private void touch(String what, String key) {
        Silence silence = silence();
        if (silence == null && orphanedNotes.contains(key)) {
            silence = silences.get(silences.size() - 1);
            takenForNoted = key;
        }
        touches.computeIfAbsent(key, same -> new ArrayList<>())
                .add(new Touch(ends.getOrDefault(key, world.now()), world.now(), what, silence));
    }

    /**
     * The last touch of a key, or of the end of many, that a node had to know of at some moment, or null.
     *
     * @param moment when
     * @param bound how long it may take to hear of one
     * @param probePeriod how long it may take to notice that nothing is told
     */
    @Nullable
    Touch lastTouch(String redisKey, SimProcess process, long moment, long bound, long probePeriod) {
        List<Touch> all = touches.getOrDefault(redisKey, List.of());
        for (int i = all.size() - 1; i >= 0; i--) {
            Touch touch = all.get(i);
            if (moment - bound > touch.knownBy(process, probePeriod)) {
                return touch;
            }
        }
        return null;
    }

    /** Notifications are switched off, or on: by a process, or by a stranger. */
    void mute(boolean off, @Nullable SimProcess by) {
        Silence last = silence();
        if (off && last == null) {
            silences.add(new Silence(world.now()));
        } else if (!off && last != null) {
            last.to = world.now();
            last.endedBy = by;
        }
    }

    private @Nullable Silence silence() {
        Silence last = silences.isEmpty() ? null : silences.get(silences.size() - 1);
        return last != null && last.to == Maker.NEVER ? last : null;
    }

    /** All keys are gone, of which Redis tells nobody. */
    void flushed() {
        touches.forEach((key, all) -> all.add(new Touch(world.now(), world.now(), FLUSHED, null)));
        lastDisturbance = world.now();
    }

    /** What has happened since a moment is undone, of which Redis tells nobody. */
    void lost(long from) {
        touches.values().forEach(all -> all.removeIf(touch -> touch.told() >= from));
        lastDisturbance = world.now();
    }

    /** Somebody did something to a key behind the library's back; to all keys, if null. */
    void disturb(@Nullable String redisKey) {
        if (redisKey == null) {
            lastDisturbance = world.now();
        } else {
            disturbances.put(redisKey, world.now());
        }
    }

    /** Whether a key was left to the library, and changes were told, all the time since a moment. */
    boolean undisturbedSince(Slot slot, long since) {
        boolean heard = silences.stream().noneMatch(silence -> silence.to >= since);
        return heard && lastDisturbance < since && disturbances.getOrDefault(slot.redisKey(), -1L) < since;
    }
}
