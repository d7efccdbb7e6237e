package dev.reactivecache.samples.catalog;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What clients saw of one node, or of several together. For any number of threads. */
final class Measurements {

    /** What a request was, or which tier answered it. */
    enum Kind {
        LOCAL_HIT,
        REMOTE_HIT,
        LOAD,
        WRITE,
        DELETE;

        /** By the header of an answer to a read. */
        static Kind ofOrigin(String origin) {
            return switch (origin) {
                case "local" -> LOCAL_HIT;
                case "remote" -> REMOTE_HIT;
                case "loader" -> LOAD;
                default -> throw new IllegalArgumentException("unknown origin '" + origin + "'");
            };
        }
    }

    private static final int DIGITS = 3;
    private static final List<Kind> READS = List.of(Kind.LOCAL_HIT, Kind.REMOTE_HIT, Kind.LOAD);

    private final Map<Kind, Histogram> micros = new EnumMap<>(Kind.class);
    private final LongAdder failures = new LongAdder();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

    Measurements() {
        for (Kind kind : Kind.values()) {
            micros.put(kind, new ConcurrentHistogram(DIGITS));
        }
    }

    /** All of these together. */
    static Measurements total(List<Measurements> parts) {
        Measurements total = new Measurements();
        for (Measurements part : parts) {
            part.micros.forEach((kind, histogram) -> total.histogram(kind).add(histogram));
            total.failures.add(part.failures.sum());
            total.firstFailure.compareAndSet(null, part.firstFailure.get());
        }
        return total;
    }

    void succeeded(Kind kind, long nanos) {
        histogram(kind).recordValue(nanos / 1_000);
    }

    void failed(Throwable e) {
        failures.increment();
        firstFailure.compareAndSet(null, e.toString());
    }

    long requests() {
        return count(Stream.of(Kind.values()));
    }

    long reads() {
        return count(READS.stream());
    }

    long count(Kind kind) {
        return histogram(kind).getTotalCount();
    }

    long failures() {
        return failures.sum();
    }

    @Nullable
    String firstFailure() {
        return firstFailure.get();
    }

    /** Latency of all requests, in milliseconds. */
    double millisAt(double percentile) {
        Histogram all = new Histogram(DIGITS);
        micros.values().forEach(all::add);
        return all.getValueAtPercentile(percentile) / 1_000.0;
    }

    /** Latency of one kind of request, in milliseconds. */
    double millisAt(double percentile, Kind kind) {
        return histogram(kind).getValueAtPercentile(percentile) / 1_000.0;
    }

    private long count(Stream<Kind> kinds) {
        return kinds.mapToLong(this::count).sum();
    }

    private Histogram histogram(Kind kind) {
        return Objects.requireNonNull(micros.get(kind));
    }
}
