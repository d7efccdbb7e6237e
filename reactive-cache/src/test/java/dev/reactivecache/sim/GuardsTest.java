package dev.reactivecache.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The oracle can fail: without any one of these guards some seed breaks a promise. Guards whose absence shows seldom
 * are tried on demand, with {@code ./mvnw -Psimulate -Dsim.mutants}.
 */
@Tag("long")
class GuardsTest {
    private static final int SEEDS = 150;
    private static final Set<Guard> SELDOM = EnumSet.of(
            Guard.TAGGED_RESULT_FROM_BEFORE_AN_END_IS_NOT_KEPT,
            Guard.DELETION_OF_NOTHING_IS_ANNOUNCED,
            Guard.WHAT_WAS_SAID_IS_BELIEVED_ONLY_WHILE_NEWS_COME,
            Guard.AGE_IS_BY_THE_SERVERS_CLOCK,
            Guard.COPY_ENDS_WITH_THE_ENTRY,
            Guard.WHAT_A_FAILOVER_MAY_HAVE_LOST_IS_REPEATED,
            Guard.GENERATION_IS_THAT_FROM_BEFORE_THE_WRITE,
            Guard.NUMBERS_OF_GENERATIONS_FOLLOW_THE_CLOCK,
            Guard.NUMBERS_OF_ANOTHER_INCARNATION_ARE_NOT_COMPARED,
            Guard.ENTRY_IS_OF_THE_EPOCH_IT_WAS_ASKED_IN,
            Guard.WATERMARK_IS_THE_SENDING_OF_THE_QUESTION,
            Guard.FLAGS_THAT_WERE_MISSING_ARE_A_GAP,
            Guard.OTHER_DATA_ARE_A_GAP,
            Guard.REFRESH_NEEDS_THE_STAMP_IT_KNOWS,
            Guard.GRANT_KEEPS_THE_VALUE,
            Guard.HELD_VALUE_IS_NOT_DELETED_BY_A_LEASE,
            Guard.REST_IS_WRITTEN,
            Guard.REST_IS_READ,
            Guard.INVALIDATION_KEEPS_QUARANTINES,
            Guard.NOTHING_DOUBTFUL_IS_KEPT);

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
