package dev.reactivecache.sim;

/** The process that is running on this thread: what a disabled guard may need to know. */
final class Current {
    private static final ThreadLocal<NodeProcess> RUNNING = new ThreadLocal<>();

    private Current() {}

    static void enter(NodeProcess process) {
        RUNNING.set(process);
    }

    static NodeProcess process() {
        return RUNNING.get();
    }
}
