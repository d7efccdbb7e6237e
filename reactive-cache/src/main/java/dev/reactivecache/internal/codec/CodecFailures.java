package dev.reactivecache.internal.codec;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.internal.count.Counters;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a cache's codecs cannot read or write, logs the first value of each kind, and knows which classes cannot
 * be read at present.
 */
public final class CodecFailures implements ReadBackCodec.Findings {
    private static final Logger LOG = LoggerFactory.getLogger(CodecFailures.class);

    private final String cache;
    private final Counters counters;
    private final ConcurrentNavigableMap<String, String> unreadable = new ConcurrentSkipListMap<>(); // class to reason
    private final AtomicBoolean readLogged = new AtomicBoolean();
    private final AtomicBoolean writeLogged = new AtomicBoolean();

    public CodecFailures(String cache, Counters counters) {
        this.cache = cache;
        this.counters = counters;
    }

    void foreign() {
        counters.unreadable.increment();
    }

    void unreadable(Throwable failure) {
        count(
                counters.unreadable,
                readLogged,
                "a value in the remote tier cannot be read, and is loaded anew",
                failure);
    }

    void unwritable(Throwable failure) {
        count(counters.unwritable, writeLogged, "a value cannot be written, and stays out of the remote tier", failure);
    }

    @Override
    public void unreadable(Class<?> type, CodecException failure) {
        LOG.warn(
                "cache '{}': values of {} can be written, but not read back, and stay in memory alone",
                cache,
                type.getTypeName(),
                failure);
    }

    @Override
    public void lastReadBack(Class<?> type, @Nullable CodecException failure) {
        if (failure == null) {
            unreadable.remove(type.getTypeName());
        } else {
            unreadable.put(type.getTypeName(), reason(failure));
        }
    }

    /** Names the kind of failure alone: what a codec says of one may hold the value. */
    private static String reason(CodecException failure) {
        Throwable cause = failure.getCause();
        return (cause == null ? failure : cause).getClass().getSimpleName();
    }

    /** Which classes of values stay in memory alone, in words, or null if none does. Those that recover are let go. */
    public @Nullable String problem() {
        Map.Entry<String, String> first = unreadable.firstEntry();
        if (first == null) {
            return null;
        }
        int others = unreadable.size() - 1;
        return "values of " + first.getKey() + (others > 0 ? ", and of other classes (" + others + ")," : "")
                + " can be written, but not read back (" + first.getValue() + "), and stay in memory alone";
    }

    @Override
    public void changed(Class<?> type, String difference) {
        LOG.warn(
                "cache '{}': values of {} do not come back from the remote tier as they went in: {}",
                cache,
                type.getTypeName(),
                difference);
    }

    private void count(LongAdder counter, AtomicBoolean logged, String what, Throwable failure) {
        counter.increment();
        if (logged.compareAndSet(false, true)) {
            LOG.warn("cache '{}': {}; more of these are only counted", cache, what, failure);
        }
    }
}
