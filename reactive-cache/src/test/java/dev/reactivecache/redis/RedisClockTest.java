package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisClockTest {
    private static final long MILLI = 1_000_000;

    @Test
    void itRunsOnFromTheMomentTheQuestionWasSent() {
        RedisClock clock = new RedisClock();

        clock.set(5_000, 100 * MILLI, 100 * MILLI);

        assertThat(clock.millisAt(100 * MILLI)).isEqualTo(5_000);
        assertThat(clock.millisAt(350 * MILLI)).isEqualTo(5_250);
    }

    @Test
    void itIsNeverBehindTheServer() {
        RedisClock clock = new RedisClock();
        long askedAt = 100 * MILLI;
        long answeredByServerAt = 140 * MILLI; // on this node's clock, while the server's said 5,000

        clock.set(5_000, askedAt, askedAt);

        assertThat(clock.millisAt(answeredByServerAt)).isGreaterThanOrEqualTo(5_000);
    }

    @Test
    void whatItDoesNotKnowIsLaterThanAnyExpiry() {
        assertThat(new RedisClock().millisAt(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aJumpOfTheServersClockIsFollowed() {
        RedisClock clock = new RedisClock();
        clock.set(5_000, 0, 0);

        clock.set(3_600_000, 10 * MILLI, 10 * MILLI);

        assertThat(clock.millisAt(20 * MILLI)).isEqualTo(3_600_010);
    }

    @Test
    void itSaysWhatTheServersClockSaysAtLeast() {
        RedisClock clock = new RedisClock();
        clock.set(5_001, 100 * MILLI, 180 * MILLI); // 5,000 and a bit, at some moment in between

        assertThat(clock.leastMillisAt(180 * MILLI)).isEqualTo(5_000);
        assertThat(clock.leastMillisAt(280 * MILLI)).isEqualTo(5_100);
        assertThat(clock.millisAt(280 * MILLI)).isGreaterThanOrEqualTo(5_180);
        assertThat(new RedisClock().leastMillisAt(0)).isEqualTo(Long.MAX_VALUE);
    }
}
