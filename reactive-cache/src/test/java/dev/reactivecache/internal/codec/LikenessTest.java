package dev.reactivecache.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.codec.DrawnValue;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LikenessTest {
    record Sale(Object at, int[] amounts) {}

    /** Does not say what is equal. */
    static final class Plain {}

    @Test
    void whatHoldsArraysIsAlikeIfTheyAre() {
        Sale sale = new Sale(Instant.EPOCH, new int[] {1, 2});

        assertThat(Likeness.difference(sale, new Sale(Instant.EPOCH, new int[] {1, 2})))
                .isNull();
        assertThat(Likeness.difference(sale, new Sale(Instant.EPOCH, new int[] {1, 3})))
                .isEqualTo(".amounts[]: java.lang.Integer came back unequal");
        assertThat(Likeness.difference(sale, new Sale(Instant.EPOCH, new int[] {1})))
                .isEqualTo(".amounts: int[] changed its length");
        assertThat(Likeness.difference(Map.of("k", new byte[] {1}), Map.of("k", new byte[] {1})))
                .isNull();
    }

    @Test
    void aDifferenceIsNamedByItsPlaceAndTypes() {
        assertThat(Likeness.difference(Map.of("a", 1L), new LinkedHashMap<>(Map.of("a", 1))))
                .isEqualTo("{}: java.lang.Long became java.lang.Integer");
        assertThat(Likeness.difference(List.of(new Sale(Instant.EPOCH, null)), List.of(new Sale("1970", null))))
                .isEqualTo("[].at: java.time.Instant became java.lang.String");
        assertThat(Likeness.difference(Optional.of(1), Optional.empty())).isEqualTo(": java.lang.Integer became null");
        assertThat(Likeness.difference(Map.of(1, 1), Map.of("1", 1)))
                .isEqualTo("{}: key java.lang.Integer came back unequal");
        assertThat(Likeness.difference(Set.of(1), Set.of(2))).isEqualTo("[]: java.lang.Integer came back unequal");
        assertThat(Likeness.difference(Set.of(1), List.of(1))).contains("became");
        assertThat(Likeness.difference(List.of(1), List.of())).contains("changed its size");
    }

    @Test
    void theClassOfAContainerDoesNotMatter() {
        assertThat(Likeness.difference(List.of(1), new ArrayList<>(List.of(1)))).isNull();
        assertThat(Likeness.difference(new ArrayDeque<>(List.of(1)), new ArrayDeque<>(List.of(1))))
                .isNull();
        assertThat(Likeness.difference(Arrays.asList("a", null), new ArrayList<>(Arrays.asList("a", null))))
                .isNull();
    }

    @Test
    void whatDoesNotSayWhatIsEqualPasses() {
        assertThat(Likeness.difference(new Plain(), new Plain())).isNull();
        assertThat(Likeness.difference(Set.of(new Plain()), Set.of(new Plain())))
                .isNull();
        assertThat(Likeness.difference(Map.of(new Plain(), 1), Map.of(new Plain(), 1)))
                .isNull();
    }

    @Test
    void whatLeadsBackToItselfIsNotFollowedForEver() {
        List<Object> one = new ArrayList<>();
        List<Object> other = new ArrayList<>();
        one.add(new Object[] {one});
        other.add(new Object[] {other});

        assertThat(Likeness.difference(one, other)).isNull();
    }

    @Fuzzed
    void aValueIsLikeItselfAndUnlikeWhatHasLostAPart() {
        Fuzz.tries(2_000, draw -> {
            Object value = DrawnValue.of(draw).value();

            assertThat(Likeness.difference(value, value)).isNull();
            assertThat(Likeness.difference(List.of(value, 1), List.of(value, 2)))
                    .isNotNull();
            assertThat(Likeness.difference(value, null)).isNotNull();
        });
    }
}
