package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is remembered of acknowledged invalidations. */
class RecentKeysTest {
    private final RecentKeys keys = new RecentKeys(3, 60);

    @Test
    void aKeyIsRememberedForAWhileFromItsNewestTime() {
        keys.add("a", 0);
        keys.add("b", 10);
        keys.add("a", 20);

        assertThat(keys.keys(70)).containsExactly("b", "a");
        assertThat(keys.keys(71)).containsExactly("a");
        assertThat(keys.keys(81)).isEmpty();
        assertThat(keys.hasForgotten(70)).isFalse();
    }

    @Test
    void theOldestIsForgottenForWantOfRoomAndThatIsKnownForAsLongAsItMatters() {
        keys.add("a", 0);
        keys.add("b", 1);
        keys.add("c", 2);
        keys.add("d", 3);

        assertThat(keys.keys(4)).containsExactly("b", "c", "d");
        assertThat(keys.hasForgotten(60)).isTrue();
        assertThat(keys.hasForgotten(61)).isFalse();
    }
}
