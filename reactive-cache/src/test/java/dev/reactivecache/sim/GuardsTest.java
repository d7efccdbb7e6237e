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
    private static final Set<Guard> SELDOM = EnumSet.of(
            Guard.PUT_IS_STORED_ONLY_UNTIL_IT_IS_GIVEN_UP,
            Guard.WHAT_A_FAILOVER_MAY_HAVE_LOST_IS_REPEATED,
            Guard.OWN_COPY_GOES_ONCE_A_CHANGE_IS_ACKNOWLEDGED,
            Guard.NOTHING_DOUBTFUL_IS_KEPT,
            Guard.NO_RIGHT_TO_FILL_DURING_A_WRITE,
            Guard.INVALIDATION_KEEPS_QUARANTINES,
            Guard.DELETION_OF_NOTHING_IS_ANNOUNCED,
            Guard.ENTRY_IS_OF_THE_EPOCH_IT_WAS_ASKED_IN,
            Guard.WATERMARK_IS_THE_SENDING_OF_THE_QUESTION,
            Guard.PROOF_IS_ASKED_FOR_AGAIN,
            Guard.WHAT_IS_NOT_PROVED_IS_A_GAP,
            Guard.FLAGS_THAT_WERE_MISSING_ARE_A_GAP,
            Guard.OTHER_DATA_ARE_A_GAP);

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
