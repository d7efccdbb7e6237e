package dev.reactivecache.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzTest {
    @Test
    void aFailureNamesTheSeedThatBeginsWithTheTryThatFailed() {
        List<String> drawn = new ArrayList<>();
        Fuzz.run(40, 8, Long.MAX_VALUE, draw -> drawn.add(draw.anyText(20)));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Fuzz.run(
                        40,
                        8,
                        Long.MAX_VALUE,
                        draw -> assertThat(draw.anyText(20)).isNotEqualTo(drawn.get(5))))
                .withMessageStartingWith("try 6 failed; run it again with -Dfuzz.seed=45: ")
                .withCauseInstanceOf(AssertionError.class);
        Fuzz.run(45, 1, Long.MAX_VALUE, draw -> assertThat(draw.anyText(20)).isEqualTo(drawn.get(5)));
    }

    @Test
    void oneTryIsMadeHoweverShortTheTime() {
        List<Draw> tries = new ArrayList<>();
        Fuzz.run(1, Long.MAX_VALUE, 0, tries::add);

        assertThat(tries).hasSize(1);
    }

    @Fuzzed
    void whatIsDrawnKeepsToItsBounds() {
        Fuzz.tries(2_000, draw -> {
            long one = draw.anyLong();
            long other = draw.anyLong();
            byte[] bytes = draw.bytes(50);
            byte[] before = bytes.clone();

            assertThat(draw.between(Math.min(one, other), Math.max(one, other)))
                    .isBetween(Math.min(one, other), Math.max(one, other));
            assertThat(draw.fraction()).isBetween(0.0, Math.nextDown(1.0));
            assertThatNoException().isThrownBy(() -> draw.mutated(bytes));
            assertThat(bytes).isEqualTo(before);
        });
    }
}
