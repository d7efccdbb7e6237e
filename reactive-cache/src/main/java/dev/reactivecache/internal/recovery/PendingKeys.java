package dev.reactivecache.internal.recovery;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose invalidation is to be acknowledged yet, each once, and which of them is to be sent next. Decides only:
 * reads no clock and sends nothing. Of the keys that are due the one that has been tried least goes first, so keys
 * whose part of the tier is down for long do not hold up others. A key is never out twice at the same time.
 *
 * <p>Changed by one thread at a time; {@link #contains}, {@link #size} and {@link #oldest} are safe for any.
 */
final class PendingKeys {
    private final int capacity;
    private final int atOnce;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final Set<String> out = new HashSet<>();
    private final TreeSet<Pending> waiting =
            new TreeSet<>(Comparator.<Pending>comparingLong(Pending::dueNanos).thenComparingLong(Pending::sequence));
    private final TreeSet<Pending> due =
            new TreeSet<>(Comparator.comparingInt(Pending::attempts).thenComparingLong(Pending::sequence));
    private long sequence;

    /**
     * Creates an empty one.
     *
     * @param capacity from how many keys on it is full
     * @param atOnce how many keys may be out at the same time
     */
    PendingKeys(int capacity, int atOnce) {
        this.capacity = capacity;
        this.atOnce = atOnce;
    }

    /**
     * One key being sent.
     *
     * @param key the key
     * @param position what its acknowledgement covers
     * @param attempts how often it was sent in vain before
     */
    record Attempt(String key, long position, int attempts) {}

    boolean contains(String key) {
        return pending.containsKey(key);
    }

    int size() {
        return pending.size();
    }

    boolean isFull() {
        return pending.size() >= capacity;
    }

    /** Since when the key has been pending that has been so for longest. */
    OptionalLong oldest() {
        return pending.values().stream().mapToLong(Pending::sinceNanos).min();
    }

    List<String> keys() {
        return List.copyOf(pending.keySet());
    }

    /** What an acknowledgement covers of something that is sent now: all that was kept before. */
    long position() {
        return sequence;
    }

    /** Forgets what was kept up to {@code position}: something is kept that stands for all of it. */
    void forget(long position) {
        List.copyOf(pending.values()).forEach(each -> acknowledge(each.key(), position));
    }

    /** Notes that a key's invalidation was not acknowledged; the newest stands for the older ones. */
    void keep(String key, long now, long dueNanos) {
        sequence++;
        Pending before = pending.get(key);
        Pending after = before == null
                ? new Pending(key, sequence, now, 0, dueNanos)
                : before.again(sequence, Math.min(before.dueNanos(), dueNanos));
        replace(before, after);
    }

    /**
     * Notes that the remote tier has invalidated a key, on a question asked at {@code position}. What was kept later
     * stays.
     *
     * @return whether the key was pending, and is no longer
     */
    boolean acknowledge(String key, long position) {
        Pending before = pending.get(key);
        if (before == null || before.sequence() > position) {
            return false;
        }
        unqueue(before);
        pending.remove(key);
        return true;
    }

    /** The key to send now, which is then out until {@link #back}; null if there is none, or enough are out. */
    @Nullable
    Attempt next(long now) {
        while (!waiting.isEmpty() && waiting.first().dueNanos() <= now) {
            due.add(waiting.pollFirst());
        }
        Pending first = out.size() >= atOnce ? null : due.pollFirst();
        if (first == null) {
            return null;
        }
        out.add(first.key());
        return new Attempt(first.key(), sequence, first.attempts());
    }

    /**
     * Notes that the answer to an attempt, or none, has come; if the key is pending still, when it is to be sent again.
     */
    void back(String key, boolean acknowledged, long dueNanos) {
        out.remove(key);
        Pending left = pending.get(key);
        if (left != null) {
            replace(left, acknowledged ? left.again(left.sequence(), dueNanos) : left.failedUntil(dueNanos));
        }
    }

    /** Makes every key due, as if none had been sent in vain. */
    void retryAll(long now) {
        List.copyOf(waiting).forEach(each -> replace(each, each.afreshAt(now)));
        List.copyOf(due).forEach(each -> replace(each, each.afreshAt(now)));
    }

    /** When {@link #next} has something to do again, if no key comes back before. */
    OptionalLong nextDue(long now) {
        if (out.size() >= atOnce || (due.isEmpty() && waiting.isEmpty())) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(due.isEmpty() ? waiting.first().dueNanos() : now);
    }

    private void replace(@Nullable Pending before, Pending after) {
        if (before != null) {
            unqueue(before);
        }
        pending.put(after.key(), after);
        if (!out.contains(after.key())) {
            waiting.add(after);
        }
    }

    private void unqueue(Pending each) {
        waiting.remove(each);
        due.remove(each);
    }
}
