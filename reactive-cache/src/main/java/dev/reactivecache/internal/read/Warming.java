package dev.reactivecache.internal.read;

import dev.reactivecache.BulkAnswer;
import dev.reactivecache.WarmOptions;
import dev.reactivecache.WarmReport;
import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashSet;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads keys before anybody asks for them: step by step, not faster than was said, and over all failures. */
public final class Warming<K, V> {
    private final BulkReads<K, V> reads;
    private final TimeSource timer;

    public Warming(BulkReads<K, V> reads, TimeSource timer) {
        this.reads = reads;
        this.timer = timer;
    }

    public Mono<WarmReport> run(Publisher<? extends K> keys, BulkReads.Loaders<K, V> loaders, WarmOptions options) {
        Duration apart = Duration.ofNanos(1_000_000_000L * options.stepSize() / options.keysPerSecond());
        return Mono.defer(() -> {
            long begun = timer.now();
            WarmReport nothing = new WarmReport(0, 0, 0, Duration.ZERO, null);
            return Flux.<K>from(keys)
                    .buffer(options.stepSize())
                    .concatMap(step -> Mono.just(step).delayElement(apart, timer.scheduler()), 1)
                    .flatMap(step -> reads.answers(new LinkedHashSet<>(step), loaders), options.stepsAtOnce(), 1)
                    .scan(nothing, (report, answers) -> extended(report, answers.values(), since(begun)))
                    .skip(1)
                    .doOnNext(options.progress())
                    .last(nothing);
        });
    }

    private Duration since(long begun) {
        return Duration.ofNanos(timer.now() - begun);
    }

    /** The report of a step more. */
    private static WarmReport extended(WarmReport before, Iterable<? extends BulkAnswer<?, ?>> answers, Duration took) {
        long found = before.found();
        long absent = before.absent();
        long failed = before.failed();
        Throwable first = before.firstFailure();
        for (BulkAnswer<?, ?> answer : answers) {
            if (answer instanceof BulkAnswer.Failed<?, ?> failure) {
                failed++;
                first = first == null ? failure.failure() : first;
            } else if (answer instanceof BulkAnswer.Found<?, ?>) {
                found++;
            } else {
                absent++;
            }
        }
        return new WarmReport(found, absent, failed, took, first);
    }
}
