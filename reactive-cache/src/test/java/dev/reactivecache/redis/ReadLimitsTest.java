package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisURI;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How long each question to Redis is waited for. */
class ReadLimitsTest {
    private static final Duration READ = Duration.ofMillis(200);
    private static final Duration WRITE = Duration.ofSeconds(1);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<Duration> limits = new ArrayList<>();
    private final RedisSettings settings = new RedisSettings(
            RedisURI.create("redis://localhost"),
            Deployment.STANDALONE,
            new RedisSettings.Limits(READ, WRITE, Duration.ofSeconds(1)),
            NotificationSetup.LEAVE,
            ChangeSource.EVENTS,
            new KeyLayout(""),
            TimeSource.of(timer),
            0);
    private final Masters masters = silentMasters();
    private final RedisRegion region = region();

    private RedisRegion region() {
        Presence presence = new Presence(masters, settings, List::of);
        return new RedisRegion(
                "users",
                masters,
                new ReadBatches(masters, settings),
                settings,
                presence,
                new Receipts(masters, settings, presence, cache -> true),
                new Room("redis", settings.timer()),
                () -> {});
    }

    /** They never answer, and note for how long an answer is waited for. */
    private Masters silentMasters() {
        return (Masters) Proxy.newProxyInstance(
                Masters.class.getClassLoader(),
                new Class<?>[] {Masters.class},
                (self, method, args) -> switch (method.getName()) {
                    case "slots" -> 1;
                    case "node" -> "00000000000000ab".getBytes(StandardCharsets.US_ASCII);
                    case "notes" -> new FillNotes(new byte[] {'c'}, 1);
                    case "run" -> noAnswerWithin((Duration) args[0]);
                    case "send" -> noAnswerWithin((Duration) args[1]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Mono<Object> noAnswerWithin(Duration limit) {
        limits.add(limit);
        return Mono.delay(limit, timer)
                .flatMap(passed -> Mono.error(new RemoteTierException("no answer within " + limit, null)));
    }

    @Test
    void whatAReadWaitsForHasTheReadsLimit() {
        assertEndsWithin(READ, () -> region.inspect("k"));
        assertEndsWithin(READ, () -> region.lease("k", 1, Duration.ofSeconds(3), 0));
        assertEndsWithin(READ, () -> region.generation(List.of()));
        assertEndsWithin(READ, () -> region.generation(List.of("red")));
    }

    @Test
    void whatAWriteWaitsForHasTheWritesLimit() {
        assertEndsWithin(WRITE, () -> region.invalidate("k"));
        assertEndsWithin(WRITE, () -> region.beginWrite("k", 1, Duration.ofSeconds(5)));
        assertEndsWithin(WRITE, () -> region.endWrite("k", 1, null));
        assertEndsWithin(WRITE, () -> region.renew("k", 1, Duration.ofSeconds(3)));
        assertEndsWithin(WRITE, () -> region.endGeneration("red"));
    }

    private void assertEndsWithin(Duration limit, Supplier<Mono<?>> question) {
        limits.clear();
        StepVerifier.create(question.get())
                .then(() -> timer.advanceTimeBy(limit))
                .expectError(RemoteTierException.class)
                .verify(Duration.ofSeconds(10));
        assertThat(limits).containsOnly(limit);
    }
}
