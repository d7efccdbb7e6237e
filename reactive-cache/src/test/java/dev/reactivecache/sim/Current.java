package dev.reactivecache.sim;

/** The process that is running on this thread: what a disabled guard may need to know. */
final class Current {
    private static final ThreadLocal<SimProcess> RUNNING = new ThreadLocal<>();

    private Current() {}

    static void enter(SimProcess process) {
        RUNNING.set(process);
    }

    static SimProcess process() {
        return RUNNING.get();
    }
}
