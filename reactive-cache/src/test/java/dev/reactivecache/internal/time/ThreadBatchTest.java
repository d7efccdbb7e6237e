package dev.reactivecache.internal.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadBatchTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void whatIsPutOffIsDoneOnceAtTheEndOfTheOutermostStretch() {
        Runnable last = () -> done.add("put off");

        ThreadBatch.run(() -> {
            ThreadBatch.run(() -> ThreadBatch.atEnd(last));
            ThreadBatch.atEnd(last);
            done.add("work");
        });

        assertThat(done).containsExactly("work", "put off");
    }

    @Test
    void outsideOfAStretchItIsDoneAtOnce() {
        ThreadBatch.atEnd(() -> done.add("now"));

        assertThat(done).containsExactly("now");
    }

    @Test
    void workThatThrowsLosesNothing() {
        assertThatThrownBy(() -> ThreadBatch.run(() -> {
                    ThreadBatch.atEnd(() -> done.add("put off"));
                    throw new IllegalStateException("work");
                }))
                .isInstanceOf(IllegalStateException.class);
        ThreadBatch.atEnd(() -> done.add("now"));

        assertThat(done).containsExactly("put off", "now");
    }
}
