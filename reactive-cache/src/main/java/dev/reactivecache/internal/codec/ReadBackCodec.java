package dev.reactivecache.internal.codec;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a codec can read what it writes, by reading some of it back: the first value of each class, the
 * second, the fourth, the eighth, and so on, and one of each class whenever other bytes could not be read. A value that
 * cannot be read back is refused, so that it is kept in memory alone instead of being thrown out by every node that
 * reads it; from then on each value of its class is read back before it is handed out. A value that comes back changed
 * is handed out, but told.
 *
 * <p>Values are compared by {@code equals}, and what arrays, records, collections, maps and optionals hold one by one.
 * A class that does not say what is equal passes.
 *
 * @param <V> the type of values
 */
public final class ReadBackCodec<V> implements ValueCodec<V> {
    private final ValueCodec<V> codec;
    private final Findings findings;
    private final ConcurrentMap<Class<?>, ReadBackSchedule> schedules = new ConcurrentHashMap<>();
    private final AtomicInteger failedReads = new AtomicInteger();

    /** What is told, on the thread that encodes: at most once for a class, unless it says otherwise. */
    public interface Findings {
        /** Values of this class are written, but some or all cannot be read; those stay out of the remote tier. */
        void unreadable(Class<?> type, CodecException failure);

        /**
         * How the last value of a class fared of which one could not be read. Told each time.
         *
         * @param failure why it could not be read either, or null if it could
         */
        void lastReadBack(Class<?> type, @Nullable CodecException failure);

        /**
         * Values of this class come back changed.
         *
         * @param difference where and how, in terms of types: {@code .at: java.time.Instant became java.lang.String}
         */
        void changed(Class<?> type, String difference);
    }

    /** Watches a codec. */
    public ReadBackCodec(ValueCodec<V> codec, Findings findings) {
        this.codec = requireNonNull(codec, "codec");
        this.findings = requireNonNull(findings, "findings");
    }

    @Override
    public byte[] encode(V value) {
        byte[] payload = codec.encode(value);
        ReadBackSchedule schedule = schedules.computeIfAbsent(value.getClass(), type -> new ReadBackSchedule());
        if (payload != null && schedule.isDue(failedReads.get())) {
            String difference = difference(value, readBack(value, payload, schedule));
            if (difference != null && schedule.isFirstChange()) {
                findings.changed(value.getClass(), difference);
            }
        }
        return payload;
    }

    private V readBack(V value, byte[] payload, ReadBackSchedule schedule) {
        try {
            V back = requireNonNull(codec.decode(ByteBuffer.wrap(payload)), "the codec returned null");
            if (schedule.isDoubted()) {
                findings.lastReadBack(value.getClass(), null);
            }
            return back;
        } catch (Throwable thrown) { // code of users: whatever it throws, other nodes would fail as well
            String type = value.getClass().getTypeName();
            var failure =
                    new CodecException("a value of " + type + " is written, but cannot be read: " + thrown, thrown);
            if (schedule.doubt()) {
                findings.unreadable(value.getClass(), failure);
            }
            findings.lastReadBack(value.getClass(), failure);
            throw failure;
        }
    }

    private static @Nullable String difference(Object before, Object after) {
        try {
            return Likeness.difference(before, after);
        } catch (RuntimeException | StackOverflowError thrown) { // by somebody's equals
            return null;
        }
    }

    @Override
    public V decode(ByteBuffer payload) {
        try {
            return codec.decode(payload);
        } catch (Throwable unreadable) {
            failedReads.incrementAndGet();
            throw unreadable;
        }
    }

    @Override
    public int encodedSize(V value) {
        return codec.encodedSize(value);
    }

    @Override
    public String toString() {
        return codec.toString();
    }
}
