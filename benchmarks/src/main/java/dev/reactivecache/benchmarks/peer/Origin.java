package dev.reactivecache.benchmarks.peer;

import reactor.core.publisher.Mono;

/** The system of record. */
@FunctionalInterface
public interface Origin {
    /** Asked once for each subscription. Never empty. */
    Mono<String> load(String key);
}
