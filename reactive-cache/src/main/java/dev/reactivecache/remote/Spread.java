package dev.reactivecache.remote;

/**
 * How far a change has got.
 *
 * @param applied how many nodes are known to have applied it, the asking one included
 * @param nodes how many there are
 */
public record Spread(int applied, int nodes) {
    /** Whether no node is missing. */
    public boolean isComplete() {
        return applied >= nodes;
    }
}
