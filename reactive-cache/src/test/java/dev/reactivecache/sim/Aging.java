package dev.reactivecache.sim;

import dev.reactivecache.remote.Windows;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to do with values whose time to live has ended.
 *
 * @param windows for how long they may be answered after that
 * @param softTimeout after how long a read is to get one instead of waiting on, or null
 * @param early how early they are loaded anew, or zero for not before their end
 * @param firstRest how long a key is at most not loaded anew after that failed once
 * @param longestRest and after it failed often
 * @param phases when the source is not itself
 */
record Aging(
        Windows windows,
        @Nullable Duration softTimeout,
        double early,
        Duration firstRest,
        Duration longestRest,
        List<Phase> phases) {
    private static final long SECOND = 1_000_000_000;

    /** A while in which the source fails most loads, or is slow with all. */
    record Phase(long from, long to, boolean fails) {}

    static Aging draw(SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            return new Aging(Windows.NONE, null, 0, Duration.ofSeconds(1), Duration.ofSeconds(30), List.of());
        }
        Duration revalidate = switch (random.nextInt(4)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofSeconds(20);
            default -> Duration.ofMillis(random.nextLong(4_000));
        };
        Duration error = random.nextInt(4) == 0 ? Duration.ZERO : Duration.ofMillis(1 + random.nextLong(8_000));
        boolean soft = !error.isZero() && random.nextBoolean();
        Duration rest = Duration.ofMillis(200 + random.nextLong(2_000));
        return new Aging(
                new Windows(revalidate, error, Duration.ZERO),
                soft ? Duration.ofMillis(100 + random.nextLong(1_000)) : null,
                random.nextInt(3) == 0 ? 1 : 0,
                rest,
                rest.multipliedBy(4),
                Stream.generate(() -> phase(random))
                        .limit(1 + random.nextInt(3))
                        .toList());
    }

    private static Phase phase(SplittableRandom random) {
        long from = 2 * SECOND + random.nextLong(25 * SECOND);
        return new Phase(from, from + SECOND + random.nextLong(7 * SECOND), random.nextInt(3) > 0);
    }

    /** Whether values may be answered after their time to live at all. */
    boolean isOn() {
        return !windows.longest().isZero();
    }

    /** The phase that a moment is in, or null. */
    @Nullable
    Phase at(long now) {
        return phases.stream()
                .filter(phase -> phase.from() <= now && now < phase.to())
                .findFirst()
                .orElse(null);
    }
}
