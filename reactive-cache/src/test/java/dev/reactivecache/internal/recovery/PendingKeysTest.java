package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.recovery.PendingKeys.Attempt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which pending key is sent when, and what an acknowledgement ends. */
class PendingKeysTest {
    private final PendingKeys keys = new PendingKeys(3, 2);

    @Test
    void aKeyIsOutOnceItIsDueAndNotTwice() {
        keys.keep("k", 0, 10);

        assertThat(keys.next(9)).isNull();
        assertThat(keys.next(10)).isEqualTo(new Attempt("k", 1, 0));
        assertThat(keys.next(10)).isNull();
    }

    @Test
    void whatIsKeptWhileItsKeyIsOutGoesOutAfterIt() {
        keys.keep("k", 0, 0);
        Attempt first = keys.next(0);

        keys.keep("k", 1, 1);

        assertThat(keys.next(5)).as("out already").isNull();
        assertThat(keys.acknowledge("k", first.position()))
                .as("covers the newer")
                .isFalse();
        keys.back("k", true, 5);
        assertThat(keys.next(5)).isEqualTo(new Attempt("k", 2, 0));
    }

    @Test
    void anAcknowledgementEndsWhatWasKeptBeforeItsQuestion() {
        keys.keep("k", 0, 0);

        assertThat(keys.acknowledge("k", keys.position())).isTrue();
        assertThat(keys.contains("k")).isFalse();
        assertThat(keys.next(100)).isNull();
    }

    @Test
    void aKeyThatIsKeptAnewAfterItsEndGoesOutOnlyWhenItsOldAttemptIsBack() {
        keys.keep("k", 0, 0);
        keys.next(0);
        keys.acknowledge("k", keys.position());

        keys.keep("k", 1, 1);

        assertThat(keys.next(5)).isNull();
        keys.back("k", false, 6);
        assertThat(keys.next(6)).isNotNull();
    }

    @Test
    void theLeastTriedOfThoseThatAreDueGoesFirst() {
        keys.keep("sick", 0, 0);
        keys.next(0);
        keys.back("sick", false, 5);
        keys.keep("new", 6, 6);

        assertThat(keys.next(6).key()).isEqualTo("new");
        assertThat(keys.next(6).key()).isEqualTo("sick");
    }

    @Test
    void notMoreAreOutThanAllowed() {
        Stream.of("a", "b", "c").forEach(key -> keys.keep(key, 0, 0));
        keys.next(0);
        keys.next(0);

        assertThat(keys.next(0)).isNull();
        assertThat(keys.nextDue(0)).as("nothing to wait for but an answer").isEmpty();
        keys.back("a", false, 50);
        assertThat(keys.nextDue(0)).hasValue(0);
        assertThat(keys.next(0).key()).isEqualTo("c");
    }

    @Test
    void itIsFullByKeysAndNotByInvalidations() {
        Stream.of("a", "b", "b", "b").forEach(key -> keys.keep(key, 0, 0));
        assertThat(keys.isFull()).isFalse();

        keys.keep("c", 0, 0);

        assertThat(keys.isFull()).isTrue();
        assertThat(keys.size()).isEqualTo(3);
    }

    @Test
    void keepingAKeyAgainAndAgainDoesNotPutItOff() {
        keys.keep("k", 0, 10);
        keys.keep("k", 9, 19);

        assertThat(keys.nextDue(9)).hasValue(10);
        assertThat(keys.oldest()).hasValue(0);
    }

    @Test
    void allAreDueAtOnceAsIfNewWhenTheyAreToBeRetried() {
        keys.keep("k", 0, 0);
        keys.next(0);
        keys.back("k", false, 1_000);

        keys.retryAll(7);

        assertThat(keys.nextDue(7)).hasValue(7);
        assertThat(keys.next(7)).isEqualTo(new Attempt("k", 1, 0));
    }
}
