package dev.reactivecache.internal.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheMode;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of modes, column by column: what docs/guide.md says of them in words. */
class ModeRulesTest {

    @Test
    void allButLocalOnlyUseTheRemoteTier() {
        assertThat(modesThat(ModeRules::usesTier)).isEqualTo(EnumSet.complementOf(EnumSet.of(CacheMode.LOCAL_ONLY)));
    }

    @Test
    void allButRemoteOnlyKeepCopiesInMemory() {
        assertThat(modesThat(ModeRules::keepsCopies))
                .isEqualTo(EnumSet.complementOf(EnumSet.of(CacheMode.REMOTE_ONLY)));
    }

    @Test
    void onlyAvailableAnswersFromMemoryWhileNoChangesCanBeHeardOf() {
        assertThat(modesThat(ModeRules::trustsSilence)).containsExactly(CacheMode.AVAILABLE);
    }

    @Test
    void onlyValidatedChecksEachHit() {
        assertThat(modesThat(ModeRules::checksEachHit)).containsExactly(CacheMode.VALIDATED);
    }

    @Test
    void modesThatAskTheRemoteTierAtEachReadAskForGenerationsToo() {
        assertThat(modesThat(ModeRules::asksForGenerations))
                .containsExactlyInAnyOrder(CacheMode.VALIDATED, CacheMode.REMOTE_ONLY);
    }

    private static Set<CacheMode> modesThat(Predicate<ModeRules> rule) {
        return EnumSet.allOf(CacheMode.class).stream()
                .filter(mode -> rule.test(ModeRules.of(mode)))
                .collect(Collectors.toSet());
    }
}
