package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Fault.Episode;
import dev.reactivecache.chaos.Fault.Hand;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Lets faults happen, in an order and at moments that a seed decides, and writes them down. */
final class Injector {
    private static final int SHORTEST_MILLIS = 200;
    private static final int LONGEST_MILLIS = 1_800;

    private final List<Fault> faults;
    private final Random random;
    private final Set<String> busy = new HashSet<>();
    private final List<Episode> episodes = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    Injector(List<Fault> faults, long seed) {
        this.faults = faults;
        this.random = new Random(seed);
    }

    /** Injects until the time is up, and returns when the last fault has ended. */
    void run(long untilNanos) throws InterruptedException {
        ExecutorService hands = Executors.newCachedThreadPool();
        while (System.nanoTime() - untilNanos < 0) {
            long seed = random.nextLong();
            take().ifPresent(next -> hands.execute(() -> inject(next, new Hand(new Random(seed)))));
            Thread.sleep(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS));
        }
        hands.shutdown();
        if (!hands.awaitTermination(2, TimeUnit.MINUTES)) {
            failures.add("faults that do not end");
        }
    }

    /** One whose target nothing is happening to, or none. */
    private synchronized Optional<Fault> take() {
        List<Fault> free =
                faults.stream().filter(fault -> !busy.contains(fault.target())).toList();
        int dice =
                random.nextInt(Math.max(1, free.stream().mapToInt(Fault::weight).sum()));
        for (Fault fault : free) {
            dice -= fault.weight();
            if (dice < 0) {
                busy.add(fault.target());
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    private synchronized void giveBack(String target) {
        busy.remove(target);
    }

    private void inject(Fault fault, Hand hand) {
        long begin = System.nanoTime();
        try {
            fault.course().run(hand);
        } catch (Exception | AssertionError e) { // another fault was in its way
            failures.add(fault.name() + ": " + e);
        } finally {
            episodes.add(new Episode(fault.name(), fault.effect(), begin, System.nanoTime()));
            giveBack(fault.target());
        }
    }

    List<Episode> episodes() {
        return List.copyOf(episodes);
    }

    /** Faults that could not take their course. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
