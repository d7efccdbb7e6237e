package dev.reactivecache.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reactivecache.OneAtATime;
import dev.reactivecache.chaos.ChaosSettings.Control;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A short run, and the proof that one can fail. The long ones: {@code ./mvnw -Pchaos}. */
@ExtendWith(OneAtATime.class)
@Timeout(300)
class ChaosIT {
    private static Verdict run(int seconds, Control control) throws InterruptedException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        assumeTrue(os.contains("linux"), "skipped: only on Linux all processes are known to read one monotonic clock");
        var settings = new ChaosSettings(Duration.ofSeconds(seconds), 3, 20_261_123, control);
        return new ChaosRun(settings, "standalone", System.out).run();
    }

    @Test
    void fleetThatIsHarmedKeepsItsPromises() throws InterruptedException {
        Verdict verdict = run(15, Control.NONE);

        assertThat(verdict.stale()).isEmpty();
        assertThat(verdict.hung()).isEmpty();
        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.broken()).isEmpty();
        assertThat(verdict.faults()).isPositive();
        assertThat(verdict.reads()).isGreaterThan(1_000);
    }

    @Test
    void changeThatIsHiddenFromTheCacheIsFound() throws InterruptedException {
        Verdict verdict = run(4, Control.UNTOLD_CHANGE);

        assertThat(verdict.stale()).isNotEmpty();
        assertThat(verdict.isGood()).isFalse();
    }
}
