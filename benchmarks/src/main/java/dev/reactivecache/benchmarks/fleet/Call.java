package dev.reactivecache.benchmarks.fleet;

import java.util.concurrent.CompletionStage;

/** The i-th of many. */
@FunctionalInterface
interface Call {
    CompletionStage<?> at(int i);
}
