package dev.reactivecache.sim;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * One process of a node: the scheduler of all its timers, and the thread that all word from outside comes in on. While
 * it is paused nothing in it runs, but its clock goes on; once it has crashed nothing in it ever runs again.
 */
final class Process implements Scheduler {
    private final World world;
    private final Runnable onEnter;
    private long pausedUntil;
    private boolean crashed;

    /** @param onEnter called each time before something of this process runs */
    Process(World world, Runnable onEnter) {
        this.world = world;
        this.onEnter = onEnter;
    }

    void pause(long nanos) {
        pausedUntil = Math.max(pausedUntil, world.now() + nanos);
    }

    void crash() {
        crashed = true;
    }

    boolean isCrashed() {
        return crashed;
    }

    /** Runs something in this process: now, or when it goes on. */
    void enter(Runnable work) {
        if (crashed) {
            return;
        }
        if (world.now() < pausedUntil) {
            world.at(pausedUntil, () -> enter(work));
            return;
        }
        onEnter.run();
        work.run();
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Task planned = new Task(task);
        world.after(Math.max(0, unit.toNanos(delay)), () -> enter(planned));
        return planned;
    }

    private static final class Task extends AtomicBoolean implements Runnable, Disposable {
        private static final long serialVersionUID = 1;

        private final transient Runnable work;

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (compareAndSet(false, true)) {
                work.run();
            }
        }

        @Override
        public void dispose() {
            set(true);
        }

        @Override
        public boolean isDisposed() {
            return get();
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(world.now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        Disposable.Composite tasks = Disposables.composite();
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return schedule(task, 0, TimeUnit.NANOSECONDS);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                Disposable planned = Process.this.schedule(task, delay, unit);
                tasks.add(planned);
                return planned;
            }

            @Override
            public void dispose() {
                tasks.dispose();
            }

            @Override
            public boolean isDisposed() {
                return tasks.isDisposed();
            }
        };
    }
}
