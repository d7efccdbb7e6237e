package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class WaitingTest {

    @Test
    void eventLoopsMustNotWait() {
        assertThat(Waiting.isAllowed()).isTrue();
        assertThat(on(FastThreadLocalThread::new, Waiting::isAllowed))
                .as("Netty's")
                .isFalse();
        assertThat(Mono.fromSupplier(Waiting::isAllowed)
                        .subscribeOn(Schedulers.parallel())
                        .block())
                .as("Reactor's")
                .isFalse();
        assertThat(Mono.fromSupplier(Waiting::isAllowed)
                        .subscribeOn(Schedulers.boundedElastic())
                        .block())
                .as("made for it")
                .isTrue();
    }

    @Test
    void whatIsThereIsAnsweredOnAnEventLoopToo() {
        assertThat(on(FastThreadLocalThread::new, () -> Waiting.resultOf(Mono.just("there"))))
                .isEqualTo("there");
        assertThat(on(FastThreadLocalThread::new, () -> {
                    try {
                        return Waiting.resultOf(Mono.never());
                    } catch (IllegalStateException refused) {
                        return refused.getMessage();
                    }
                }))
                .asString()
                .contains("must not wait");
    }

    @Test
    void everyAnalyzerIsFoundBySpring() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(FailureAnalyzer.class, (type, name, e) -> {}))
                .hasAtLeastOneElementOfType(ReactiveCacheFailureAnalyzer.class)
                .hasAtLeastOneElementOfType(RedisConfigurationFailureAnalyzer.class)
                .hasAtLeastOneElementOfType(InvalidRedisUriFailureAnalyzer.class);
    }

    private static <T> T on(java.util.function.Function<Runnable, Thread> thread, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        thread.apply(() -> result.complete(work.get())).start();
        assertThat(result).succeedsWithin(Duration.ofSeconds(20));
        return result.join();
    }
}
