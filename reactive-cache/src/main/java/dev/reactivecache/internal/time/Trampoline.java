package dev.reactivecache.internal.time;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how deep work of one kind nests on a thread: up to a few levels it runs at once, and beyond them when the
 * outermost has returned. So a chain of loads of which each reads the next key needs no more stack than a short one.
 */
public final class Trampoline {
    /** Deep enough that what is not a chain runs where it stands, also if it waits for what it contains. */
    private static final int DEEPEST = 32;

    private static final ThreadLocal<Trampoline> OF_THREAD = ThreadLocal.withInitial(Trampoline::new);

    private final ArrayDeque<Runnable> putOff = new ArrayDeque<>();
    private int depth;

    private Trampoline() {}

    /** Does the work, now or before the outermost call on this thread returns. What it throws, that call throws. */
    public static void run(Runnable work) {
        OF_THREAD.get().enter(work);
    }

    private void enter(Runnable work) {
        if (depth == DEEPEST) {
            putOff.add(work);
            return;
        }
        depth++;
        try {
            work.run();
        } finally {
            depth--;
            if (depth == 0 && !putOff.isEmpty()) {
                runPutOff();
            }
        }
    }

    private void runPutOff() {
        Throwable first = null;
        for (Runnable next = putOff.poll(); next != null; next = putOff.poll()) {
            depth++;
            try {
                next.run();
            } catch (RuntimeException | Error thrown) { // the others run all the same
                first = first == null ? thrown : first;
            } finally {
                depth--;
            }
        }
        rethrow(first);
    }

    private static void rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
