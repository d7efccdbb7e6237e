package dev.reactivecache.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A model of one Redis: strings and sorted sets that expire, events about them, channels, and the library's own
 * scripts, which it runs as they are. Texts are byte strings, one character for each byte. Its clock is the caller's;
 * one thread uses it at a time.
 */
public final class ModelRedis {
    private static final String ALL_CLASSES = "g$lshztdxe";

    private final LongSupplier nanos;
    private final Witness witness;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, Set<Subscriber>> channels = new LinkedHashMap<>();
    private String notifyFlags;

    /**
     * Creates an empty one.
     *
     * @param nanos its clock
     * @param notifyFlags {@code notify-keyspace-events}
     * @param witness sees every event, also one that is not announced
     */
    public ModelRedis(LongSupplier nanos, String notifyFlags, Witness witness) {
        this.nanos = nanos;
        this.notifyFlags = notifyFlags;
        this.witness = witness;
    }

    /** Sees what happens to keys. */
    public interface Witness {
        void onEvent(String event, String key);
    }

    /** Who has subscribed to channels. */
    public interface Subscriber {
        void onMessage(String channel, String message);
    }

    /** A string, or a sorted set; the other is empty. */
    private record Slot(String bytes, SortedMap<String, Double> members, long expiresAtMillis) {
        Slot(String bytes, long expiresAtMillis) {
            this(bytes, Collections.emptySortedMap(), expiresAtMillis);
        }

        Slot until(long millis) {
            return new Slot(bytes, members, millis);
        }
    }

    /** Remembers all data; what is returned brings them back, without an event. */
    public Runnable snapshot() {
        Map<String, Slot> copy = new LinkedHashMap<>(slots);
        return () -> {
            slots.clear();
            slots.putAll(copy);
        };
    }

    private long millis() {
        return nanos.getAsLong() / 1_000_000;
    }

    /** The server's time: seconds, and microseconds of the second. */
    public List<String> time() {
        long micros = nanos.getAsLong() / 1_000;
        return List.of(Long.toString(micros / 1_000_000), Long.toString(micros % 1_000_000));
    }

    private @Nullable Slot slot(String key) {
        Slot slot = slots.get(key);
        if (slot != null && slot.expiresAtMillis() <= millis()) {
            slots.remove(key);
            tell('x', "expired", key);
            return null;
        }
        return slot;
    }

    private @Nullable Slot string(String key) {
        Slot slot = slot(key);
        if (slot != null && !slot.members().isEmpty()) {
            throw new IllegalArgumentException("WRONGTYPE Operation against a key holding the wrong kind of value");
        }
        return slot;
    }

    /** The bytes under a key, or null. */
    public @Nullable String get(String key) {
        Slot slot = string(key);
        return slot == null ? null : slot.bytes();
    }

    /** The bytes under a key, or null, without the effects of a command. */
    public @Nullable String peek(String key) {
        Slot slot = slots.get(key);
        return slot == null || slot.expiresAtMillis() <= millis() ? null : slot.bytes();
    }

    /** A range of the bytes under a key, both ends included; negative numbers count from the end. */
    public String getrange(String key, long start, long end) {
        String bytes = get(key);
        if (bytes == null) {
            return "";
        }
        int length = bytes.length();
        long from = Math.max(0, start < 0 ? length + start : start);
        long to = Math.min(length - 1L, end < 0 ? length + end : end);
        return from > to ? "" : bytes.substring((int) from, (int) to + 1);
    }

    /** Overwrites a part; what was not there before is zeros. */
    public long setrange(String key, int offset, String part) {
        Slot slot = string(key);
        String before = slot == null ? "" : slot.bytes();
        if (part.isEmpty()) {
            return before.length();
        }
        StringBuilder bytes = new StringBuilder(before);
        bytes.setLength(Math.max(before.length(), offset + part.length()));
        bytes.replace(offset, offset + part.length(), part);
        slots.put(key, new Slot(bytes.toString(), slot == null ? Long.MAX_VALUE : slot.expiresAtMillis()));
        tell('$', "setrange", key);
        return bytes.length();
    }

    /** Stores bytes that do not expire. */
    public void set(String key, String bytes) {
        slot(key);
        slots.put(key, new Slot(bytes, Long.MAX_VALUE));
        tell('$', "set", key);
    }

    /** Stores bytes that do not expire, unless there is something; whether they are stored. */
    public boolean setnx(String key, String bytes) {
        if (slot(key) != null) {
            return false;
        }
        set(key, bytes);
        return true;
    }

    private SortedMap<String, Double> members(String key) {
        Slot slot = slot(key);
        if (slot != null && slot.members().isEmpty()) {
            throw new IllegalArgumentException("WRONGTYPE Operation against a key holding the wrong kind of value");
        }
        return slot == null ? new TreeMap<>() : new TreeMap<>(slot.members());
    }

    /** Adds a member of a sorted set; how many were added. */
    public long zadd(String key, double score, String member) {
        SortedMap<String, Double> members = members(key);
        boolean added = members.put(member, score) == null;
        Slot slot = slots.get(key);
        slots.put(key, new Slot("", members, slot == null ? Long.MAX_VALUE : slot.expiresAtMillis()));
        tell('z', "zadd", key);
        return added ? 1 : 0;
    }

    /** The score of a member of a sorted set, or null. */
    public @Nullable String zscore(String key, String member) {
        Double score = members(key).get(member);
        return score == null ? null : BigDecimal.valueOf(score).toPlainString();
    }

    /** How many members a sorted set has. */
    public long zcard(String key) {
        return members(key).size();
    }

    /** Removes members of a sorted set whose scores lie in a range; how many. */
    public long zremrange(String key, double from, double to, String event) {
        SortedMap<String, Double> members = members(key);
        int before = members.size();
        members.values().removeIf(score -> score >= from && score <= to);
        return left(key, members, before - members.size(), event);
    }

    /** Removes a member of a sorted set; how many. */
    public long zrem(String key, String member) {
        SortedMap<String, Double> members = members(key);
        return members.remove(member) == null ? 0 : left(key, members, 1, "zrem");
    }

    private long left(String key, SortedMap<String, Double> members, long removed, String event) {
        if (removed == 0) {
            return 0;
        }
        tell('z', event, key);
        if (members.isEmpty()) {
            slots.remove(key);
            tell('g', "del", key);
        } else {
            slots.put(key, new Slot("", members, slots.get(key).expiresAtMillis()));
        }
        return removed;
    }

    /** The members of a sorted set whose scores lie in a range, lowest first. */
    public List<String> zrange(String key, double from, double to) {
        return members(key).entrySet().stream()
                .filter(member -> member.getValue() >= from && member.getValue() <= to)
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Deletes; whether there was something. */
    public boolean del(String key) {
        boolean there = slot(key) != null;
        if (there) {
            slots.remove(key);
            tell('g', "del", key);
        }
        return there;
    }

    /** Lets a key expire so many milliseconds from now; whether there is such a key. */
    public boolean pexpire(String key, long ttlMillis) {
        Slot slot = slot(key);
        if (slot == null) {
            return false;
        }
        if (ttlMillis <= 0) {
            return del(key);
        }
        slots.put(key, slot.until(millis() + ttlMillis));
        tell('g', "expire", key);
        return true;
    }

    /** For how many milliseconds a key will yet be there: -1 for ever, -2 if it is not. */
    public long pttl(String key) {
        Slot slot = slot(key);
        if (slot == null) {
            return -2;
        }
        return slot.expiresAtMillis() == Long.MAX_VALUE ? -1 : slot.expiresAtMillis() - millis();
    }

    /** Throws a key out for want of room. */
    public void evict(String key) {
        if (slots.remove(key) != null) {
            tell('e', "evicted", key);
        }
    }

    /** Deletes what has expired, as the server does now and then. */
    public void expireSome() {
        List.copyOf(slots.keySet()).forEach(this::slot);
    }

    /** Deletes everything, and tells nobody, as Redis does. */
    public void flush() {
        slots.clear();
    }

    /** The setting {@code notify-keyspace-events}. */
    public String notifyFlags() {
        return notifyFlags;
    }

    /** Changes the setting {@code notify-keyspace-events}. */
    public void notifyFlags(String flags) {
        notifyFlags = flags;
    }

    /** Tells all who have subscribed to a channel; how many they are. */
    public long publish(String channel, String message) {
        List<Subscriber> told = new ArrayList<>(channels.getOrDefault(channel, Set.of()));
        told.forEach(subscriber -> subscriber.onMessage(channel, message));
        return told.size();
    }

    /** Subscribes. */
    public void subscribe(Subscriber subscriber, String channel) {
        channels.computeIfAbsent(channel, same -> new LinkedHashSet<>()).add(subscriber);
    }

    /** How many have subscribed to a channel. */
    public long subscribers(String channel) {
        return channels.getOrDefault(channel, Set.of()).size();
    }

    /** Ends all of a subscriber's subscriptions. */
    public void unsubscribe(Subscriber subscriber) {
        channels.values().forEach(subscribers -> subscribers.remove(subscriber));
    }

    private void tell(char type, String event, String key) {
        witness.onEvent(event, key);
        if (has('E') && has(type)) {
            publish("__keyevent@0__:" + event, key);
        }
    }

    /** Whether it announces events of all these classes, by their names. */
    public boolean tellsOf(String classes) {
        return has('E') && classes.chars().allMatch(type -> has((char) type));
    }

    private boolean has(char flag) {
        return notifyFlags.indexOf(flag) >= 0 || notifyFlags.indexOf('A') >= 0 && ALL_CLASSES.indexOf(flag) >= 0;
    }
}
