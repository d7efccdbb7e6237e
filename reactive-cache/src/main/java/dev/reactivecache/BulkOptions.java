package dev.reactivecache;

import dev.reactivecache.internal.policy.Checks;

/** How many keys a bulk read handles at a time. Immutable; each {@code with} method returns another one. */
public final class BulkOptions {
    private static final BulkOptions DEFAULTS = new BulkOptions(1_000, 1_000);

    private final int loadSize;
    private final int readSize;

    private BulkOptions(int loadSize, int readSize) {
        this.loadSize = loadSize;
        this.readSize = readSize;
    }

    /** Up to 1,000 keys for a call of the loader, and 1,000 for a step of a stream. */
    public static BulkOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The most keys that one call of the loader is given. More missing keys make several calls, those for 2,000 keys
     * side by side, or two if that is more. Default: 1,000.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public BulkOptions withLoadSize(int keys) {
        return new BulkOptions((int) Checks.positive("loadSize", keys), readSize);
    }

    /**
     * How many keys {@link ReactiveCache#getOrFetchEach} takes from its publisher for each step. Default: 1,000.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public BulkOptions withReadSize(int keys) {
        return new BulkOptions(loadSize, (int) Checks.positive("readSize", keys));
    }

    /** The most keys that one call of the loader is given. */
    public int loadSize() {
        return loadSize;
    }

    /** How many keys a step of a stream takes. */
    public int readSize() {
        return readSize;
    }

    @Override
    public String toString() {
        return "BulkOptions[loadSize=" + loadSize + ", readSize=" + readSize + "]";
    }
}
