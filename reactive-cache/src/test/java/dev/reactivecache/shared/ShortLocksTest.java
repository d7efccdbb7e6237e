package dev.reactivecache.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Threads that may not block meet in locks of Netty, and BlockHound says nothing. */
@Timeout(60)
class ShortLocksTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 200;

    private final Scheduler threads = Schedulers.newParallel("may-not-block", THREADS);

    @AfterEach
    void stop() {
        threads.dispose();
    }

    @Test
    void theyMayShareTheMemoryOfNettysBuffers() {
        for (int round = 0; round < ROUNDS; round++) {
            AdaptiveByteBufAllocator memory = new AdaptiveByteBufAllocator();

            onAllThreads(i -> {
                for (int size = 64; size <= 65_536; size *= 2) {
                    memory.buffer(size).release();
                }
            });
        }
    }

    @Test
    void theyMayEndAnExecutorOfNettys() {
        for (int round = 0; round < ROUNDS; round++) {
            DefaultEventExecutor executor = new DefaultEventExecutor();
            executor.execute(() -> {});

            onAllThreads(i -> executor.shutdownGracefully(0, 1, TimeUnit.SECONDS));

            assertThat(executor.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void whatIsPassedIsThere() throws ClassNotFoundException {
        for (ShortLocks.Passed passed : ShortLocks.ALL) {
            Class<?> type = Class.forName(passed.type(), false, getClass().getClassLoader());

            assertThat(Stream.of(type.getDeclaredMethods()).map(Method::getName))
                    .as(passed.type())
                    .contains(passed.methods());
        }
    }

    private void onAllThreads(Consumer<Integer> work) {
        Flux.range(0, THREADS * 16)
                .parallel(THREADS)
                .runOn(threads)
                .doOnNext(work)
                .sequential()
                .blockLast(Duration.ofSeconds(30));
    }
}
