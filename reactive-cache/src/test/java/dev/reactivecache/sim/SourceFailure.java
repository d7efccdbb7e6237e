package dev.reactivecache.sim;

/** What a load fails with that is meant to fail. */
final class SourceFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Maker load;

    SourceFailure(Maker load) {
        super("the source failed", null, false, false);
        this.load = load;
    }

    Maker load() {
        return load;
    }
}
