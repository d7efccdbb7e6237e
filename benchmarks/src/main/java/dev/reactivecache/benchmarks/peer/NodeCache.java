package dev.reactivecache.benchmarks.peer;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One cache, as one node of a fleet holds it. */
public interface NodeCache extends AutoCloseable {
    /** Reads, and asks the origin for what no tier has. Fails where the cache fails. */
    CompletionStage<String> read(String key);

    /** Stores what the origin has already. Done when the cache says that it is stored. */
    CompletionStage<?> change(String key, String value);

    /**
     * Reports from now on each key whose copy in this node's memory went because of another node. Answers false where
     * the cache has no means to.
     */
    boolean onDrop(Consumer<String> listener);

    /** Changes that this node heard of; -1 where the cache does not count them. */
    default long told() {
        return -1;
    }

    @Override
    void close();
}
