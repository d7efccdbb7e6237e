package dev.reactivecache.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.chaos.Act.Kind;
import dev.reactivecache.chaos.Act.Outcome;
import dev.reactivecache.chaos.Fault.Effect;
import dev.reactivecache.chaos.Fault.Episode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Histories made by hand, and what the oracle says of them. Times are milliseconds. */
class ChaosOracleTest {
    private static final int KEY = 7;
    private static final int WRITER = 0;
    private static final int OTHER = 1;
    private static final long BOUND = 500;

    private final List<Act> history = new ArrayList<>();
    private final List<Episode> episodes = new ArrayList<>();

    private void act(int node, Kind kind, Outcome outcome, long start, long end, long version) {
        history.add(new Act(node, kind, outcome, KEY, start * 1_000_000, end * 1_000_000, version));
    }

    private void changed(long start, long end, long version) {
        act(WRITER, Kind.INVALIDATE, Outcome.ACKNOWLEDGED, start, end, version);
    }

    private void answered(int node, long start, long version) {
        act(node, Kind.READ, Outcome.LOCAL, start, start + 1, version);
    }

    private void state(int node, long at, Outcome outcome, int pending, long gaps) {
        history.add(new Act(node, Kind.STATE, outcome, pending, at * 1_000_000, 0, gaps));
    }

    private void during(Effect effect, long begin, long end) {
        episodes.add(new Episode("fault", effect, begin * 1_000_000, end * 1_000_000));
    }

    private ChaosOracle oracle() {
        return new ChaosOracle(history, new Claims(Duration.ofMillis(BOUND), episodes, history));
    }

    private List<Long> staleAt() {
        return oracle().stale().stream()
                .map(each -> each.answer().start() / 1_000_000)
                .toList();
    }

    @Test
    void otherNodeMayBeBehindByTheBoundAndNotByMore() {
        changed(100, 200, 2);

        answered(OTHER, 150, 1);
        answered(OTHER, 200 + BOUND, 1);
        answered(OTHER, 201 + BOUND, 1);
        answered(OTHER, 202 + BOUND, 2);
        answered(OTHER, 203 + BOUND, 3);

        assertThat(staleAt()).containsExactly(201 + BOUND);
    }

    @Test
    void ownChangeBindsItsNodeFromItsAcknowledgementOn() {
        changed(100, 200, 2);

        answered(WRITER, 150, 1);
        answered(WRITER, 200, 1);
        answered(WRITER, 201, 1);
        answered(WRITER, 202, 2);

        assertThat(staleAt()).containsExactly(201L);
    }

    @Test
    void answerIsJudgedByItsStartHoweverLongItTook() {
        changed(100, 200, 2);

        act(WRITER, Kind.READ, Outcome.LOADER, 150, 5_000, 1);
        act(WRITER, Kind.READ, Outcome.LOADER, 250, 5_000, 1);

        assertThat(staleAt()).containsExactly(250L);
    }

    @Test
    void newestAcknowledgedChangeBindsAlsoIfAnOlderOneIsAcknowledgedLater() {
        changed(100, 200, 3);
        changed(100, 900, 2);

        answered(WRITER, 1_000, 2);

        assertThat(staleAt()).containsExactly(1_000L);
    }

    @Test
    void changeThatWasNotAcknowledgedBindsNobodyUntilTheNextOneIs() {
        changed(100, 200, 1);
        act(WRITER, Kind.WRITE, Outcome.FAILED, 300, 400, 2);
        answered(WRITER, 500, 1);
        answered(WRITER, 501, 2);
        answered(WRITER, 502, 1);
        changed(600, 700, 3);
        answered(WRITER, 800, 2);

        assertThat(staleAt()).containsExactly(800L);
    }

    @Test
    void changeThatRedisDidNotTellOfBindsOthersTenSecondsLater() {
        during(Effect.UNTOLD, 150, 3_000);
        changed(100, 200, 2);
        changed(3_001, 3_100, 3);

        answered(OTHER, 3_200, 1);
        answered(OTHER, 3_101 + BOUND, 2);
        answered(WRITER, 300, 1);
        answered(OTHER, 10_000, 3);

        assertThat(staleAt()).containsExactly(300L, 3_101 + BOUND);
    }

    @Test
    void changeThatAFailoverMayLoseBindsAgainOnceItsNodeHasRepairedIt() {
        state(WRITER, 900, Outcome.LIVE, 0, 0);
        changed(100, 200, 2);
        during(Effect.FORGOTTEN, 1_000, 2_000);
        for (long at = 2_100; at < 5_000; at += 100) {
            state(WRITER, at, at < 2_500 ? Outcome.DEAF : Outcome.LIVE, at < 3_000 ? 1 : 0, at < 2_500 ? 0 : 1);
        }

        answered(OTHER, 950, 1);
        answered(OTHER, 1_500, 1);
        answered(OTHER, 4_000, 1);
        answered(OTHER, 4_101 + BOUND, 1);

        assertThat(staleAt()).containsExactly(950L, 4_101 + BOUND);
        assertThat(oracle().owed(List.of())).isEqualTo(Map.of(KEY, 2L));
    }

    @Test
    void changeThatWasSentAgainMayBeLostAgain() {
        state(WRITER, 14_900, Outcome.LIVE, 0, 0);
        changed(10_000, 10_100, 2);
        during(Effect.FORGOTTEN, 15_000, 16_000);
        for (long at = 16_100; at < 20_000; at += 100) {
            state(WRITER, at, Outcome.LIVE, 0, 1);
        }
        during(Effect.FORGOTTEN, 20_500, 21_000);

        answered(OTHER, 20_000, 1);
        answered(OTHER, 30_000, 1);

        assertThat(staleAt()).as("its node does not live to repair it twice").containsExactly(20_000L);
    }

    @Test
    void changeThatAFailoverMayLoseBindsNoMoreIfItsNodeHasDied() {
        changed(100, 200, 2);
        during(Effect.FORGOTTEN, 1_000, 2_000);

        answered(OTHER, 20_000, 1);

        assertThat(staleAt()).isEmpty();
        assertThat(oracle().owed(List.of())).isEmpty();
    }

    @Test
    void nodesThatLiveOweWhatTheyKeptAndDeadOnesWhatWasAcknowledged() {
        changed(100, 200, 2);
        act(WRITER, Kind.INVALIDATE, Outcome.FAILED, 300, 400, 3);
        act(OTHER, Kind.WRITE, Outcome.CANCELLED, 300, 400, 4);

        assertThat(oracle().owed(List.of(WRITER))).isEqualTo(Map.of(KEY, 3L));
        assertThat(oracle().owed(List.of(WRITER, OTHER))).isEqualTo(Map.of(KEY, 4L));
        assertThat(oracle().owed(List.of())).isEqualTo(Map.of(KEY, 2L));
    }

    @Test
    void callHangsUnlessItsProcessStoodStill() {
        long limit = ChaosOracle.LIMIT.toMillis();
        for (long at = 0; at < limit + 5_000; at += 100) {
            state(WRITER, at, Outcome.LIVE, 0, 0);
            if (at < 100 || at >= 3_000) {
                state(OTHER, at, Outcome.LIVE, 0, 0);
            }
        }
        act(WRITER, Kind.READ, Outcome.LOADER, 0, limit, 1);
        act(OTHER, Kind.READ, Outcome.LOADER, 0, limit + 1_000, 1);
        assertThat(oracle().hung()).isEmpty();

        act(WRITER, Kind.READ, Outcome.LOADER, 0, limit + 1_000, 1);
        assertThat(oracle().hung()).hasSize(1);
    }

    @Test
    void callThatHadNotEndedWhenItsProcessWasLastHeardOfHangs() {
        long limit = ChaosOracle.LIMIT.toMillis();
        for (long at = 0; at < limit; at += 100) {
            state(WRITER, at, Outcome.LIVE, 0, 0);
        }
        history.add(new Act(WRITER, Kind.STATE, Outcome.LIVE, 0, (limit + 50) * 1_000_000, 10_000_000, 0));

        assertThat(oracle().hung()).hasSize(1);
    }
}
