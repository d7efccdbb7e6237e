package dev.reactivecache.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G1 to G7, G9, and G12 to G14, under faults: see {@link Oracle} for what is asked of each read. */
class SimulationTest {
    private static final int SEEDS = 300;

    @BeforeAll
    static void quiet() {
        Simulator.quiet(true);
    }

    @AfterAll
    static void loud() {
        Simulator.quiet(false);
    }

    @Test
    @Tag("long")
    void noSeedBreaksAPromise() {
        Map<String, Integer> counts = new TreeMap<>();

        List<String> violations = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(seed -> {
                    Run.Outcome outcome = Simulation.of(seed).run();
                    synchronized (counts) {
                        outcome.counts().forEach((what, times) -> counts.merge(what, times, Integer::sum));
                    }
                    return outcome.violation() == null ? null : "-Dsim.seed=" + seed + ": " + outcome.violation();
                })
                .filter(Objects::nonNull)
                .toList();

        assertThat(violations).isEmpty();
        assertThat(counts)
                .as("reads of all kinds, or this test shows little: %s", counts)
                .hasEntrySatisfying("local", count -> assertThat(count).isGreaterThan(SEEDS))
                .hasEntrySatisfying("remote", count -> assertThat(count).isGreaterThan(SEEDS))
                .hasEntrySatisfying("loader", count -> assertThat(count).isGreaterThan(SEEDS))
                .hasEntrySatisfying("revalidating", count -> assertThat(count).isGreaterThan(SEEDS))
                .hasEntrySatisfying("stale_on_error", count -> assertThat(count).isGreaterThan(SEEDS / 2))
                .hasEntrySatisfying(
                        "stale_on_timeout", count -> assertThat(count).isGreaterThan(SEEDS / 20))
                .hasEntrySatisfying("errors", count -> assertThat(count).isGreaterThan(SEEDS));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 42})
    void sameSeedIsTheSameRunToTheLetter(long seed) {
        List<String> first = Simulation.of(seed).trace();

        assertThat(first).hasSizeGreaterThan(100);
        assertThat(Simulation.of(seed).trace()).isEqualTo(first);
    }

    @Test
    void sameSeedIsTheSameRunInAnotherProcess() {
        LongFunction<List<String>> elsewhere = GuardlessLoader.fresh(Removal.NONE, Elsewhere.class);

        assertThat(elsewhere.apply(7)).isEqualTo(Simulation.of(7).trace());
    }

    /** Made by name, in another class loader. */
    static final class Elsewhere implements LongFunction<List<String>> {
        @Override
        public List<String> apply(long seed) {
            Simulator.quiet(true);
            return Simulation.of(seed).trace();
        }
    }

    @Test
    void whatIsShrunkStillBreaksAPromiseAndIsShorter() {
        LongFunction<List<String>> judge =
                GuardlessLoader.fresh(Guard.EVENT_DROPS_THE_ENTRY.removal(), ShrunkWithoutGuard.class);

        List<String> sizes = judge.apply(2);

        assertThat(sizes).hasSize(3);
        assertThat(Integer.parseInt(sizes.get(1))).isLessThan(Integer.parseInt(sizes.get(0)));
        assertThat(sizes.get(2)).contains("VIOLATION");
    }

    /** Made by name, in another class loader: the steps before and after shrinking, and the trace's last line. */
    static final class ShrunkWithoutGuard implements LongFunction<List<String>> {
        @Override
        public List<String> apply(long seed) {
            Simulation whole = Simulation.of(seed);
            Simulation shrunk = whole.shrunk();
            String verdict = shrunk.trace().stream()
                    .filter(line -> line.contains("VIOLATION"))
                    .findFirst()
                    .orElse("none");
            return List.of(String.valueOf(whole.size()), String.valueOf(shrunk.size()), verdict);
        }
    }
}
