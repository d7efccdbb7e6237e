package dev.reactivecache.benchmarks.peer;

import java.util.concurrent.ExecutorService;

/**
 * Where a node is and what it may use.
 *
 * @param uri of its Redis
 * @param name of the cache; nodes of one fleet have the same
 * @param localSize entries in memory
 * @param origin what is asked for missing values
 * @param callers the threads that calls of a blocking cache wait on, as those of a servlet container would
 */
public record Place(String uri, String name, int localSize, Origin origin, ExecutorService callers) {}
