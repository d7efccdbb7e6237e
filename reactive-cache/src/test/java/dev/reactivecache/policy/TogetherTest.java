package dev.reactivecache.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void whatIsPutOffIsDoneOnceAtTheEndOfTheOutermostStretch() {
        Together.run(() -> {
            Together.run(() -> Together.atEnd(this, () -> done.add("put off")));
            Together.atEnd(this, () -> done.add("again"));
            done.add("work");
        });

        assertThat(done).containsExactly("work", "put off");
    }

    @Test
    void outsideOfAStretchItIsDoneAtOnce() {
        Together.atEnd(this, () -> done.add("now"));

        assertThat(done).containsExactly("now");
    }

    @Test
    void workThatThrowsLosesNothing() {
        assertThatThrownBy(() -> Together.run(() -> {
                    Together.atEnd(this, () -> done.add("put off"));
                    throw new IllegalStateException("work");
                }))
                .isInstanceOf(IllegalStateException.class);
        Together.atEnd(this, () -> done.add("now"));

        assertThat(done).containsExactly("put off", "now");
    }
}
