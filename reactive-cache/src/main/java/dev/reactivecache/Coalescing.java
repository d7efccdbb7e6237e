package dev.reactivecache;

/** Who shares one load of a missing key. */
public enum Coalescing {
    /** The callers on one node: nodes that miss a key at the same moment each load it. The default. */
    LOCAL,
    /**
     * The callers on all nodes: while one node loads, the others wait for what it stores. They are woken by the stream
     * of changes. If the loading node dies they wait for the end of its lease at most, and in any case not longer than
     * the load timeout; then, and whenever the remote tier or its stream does not work, each loads for itself.
     */
    CLUSTER
}
