package dev.reactivecache.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The oracle can fail: without any one of these guards some seed breaks a promise. Guards whose absence shows seldom are
 * tried on demand, with {@code ./mvnw -Psimulate -Dsim.mutants}.
 */
class GuardsTest {
    private static final int SEEDS = 150;
    private static final Set<Guard> SELDOM = EnumSet.noneOf(Guard.class);

    @BeforeAll
    static void quiet() {
        Simulator.quiet(true);
    }

    @AfterAll
    static void loud() {
        Simulator.quiet(false);
    }

    @ParameterizedTest
    @EnumSource
    void absenceShows(Guard guard) {
        if (SELDOM.contains(guard)) {
            Mutants.find(guard, 1); // fails if it is not found where it was
            return;
        }
        assertThat(Mutants.find(guard, SEEDS)).as("a seed that shows it").isNotNull();
    }
}
