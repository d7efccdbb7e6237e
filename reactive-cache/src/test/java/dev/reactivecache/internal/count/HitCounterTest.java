package dev.reactivecache.internal.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HitCounterTest {
    private static final int EACH = 20_000;

    @Test
    void startsAtZero() {
        assertThat(new HitCounter(4).sum()).isZero();
    }

    @ParameterizedTest(name = "cells for {0} threads")
    @ValueSource(ints = {1, 3, 64})
    void noCountIsLostHoweverManyThreadsThereAre(int cells) throws InterruptedException {
        HitCounter counter = new HitCounter(cells);

        countFrom(12, counter); // more threads than the smallest have cells
        countFrom(12, counter); // new threads fall on cells of threads that have ended

        assertThat(counter.sum()).isEqualTo(24L * EACH);
    }

    private static void countFrom(int threads, HitCounter counter) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                start.countDown();
                while (start.getCount() > 0) {
                    Thread.onSpinWait();
                }
                for (int n = 0; n < EACH; n++) {
                    counter.increment();
                }
            });
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
    }
}
