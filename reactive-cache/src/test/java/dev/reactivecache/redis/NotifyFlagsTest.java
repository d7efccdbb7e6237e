package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifyFlagsTest {
    @ParameterizedTest
    @CsvSource({"Eg$xe, true", "AE, true", "AKE, true", "KA, false", "'', false", "Eg$x, false", "Kg$xe, false"})
    void neededFlagsAreFoundHoweverTheyAreSpelt(String setting, boolean enough) {
        assertThat(NotifyFlags.parse(setting).contains(NotifyFlags.NEEDED)).isEqualTo(enough);
    }

    @Test
    void addingFlagsTakesNoneAway() {
        NotifyFlags both = NotifyFlags.parse("Kmn").plus(NotifyFlags.NEEDED);

        assertThat(both.contains(NotifyFlags.parse("Kmn"))).isTrue();
        assertThat(both.contains(NotifyFlags.NEEDED)).isTrue();
        assertThat(NotifyFlags.parse(both.setting())).isEqualTo(both);
    }
}
