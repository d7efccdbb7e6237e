package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.KillArgs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How much is said while Redis is away: what is wrong, once, and no more for each call. */
class OutageLogIT {
    @Test
    void anOutageIsAFewLinesOfTheLogHoweverManyCallsFail() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.live(redis.uri(), "outage")) {
            try (CapturedLog log = new CapturedLog()) {
                redis.kill();
                Await.until("it is noticed", () -> !node.tier.health().connected());
                Flux.range(0, 2_000)
                        .flatMap(i -> node.cache
                                .getOrFetch("k" + i, Mono.just("v"))
                                .then(node.cache.put("k" + i, "v"))
                                .onErrorComplete(RemoteTierException.class))
                        .blockLast(Await.LIMIT);
                Mono.delay(Duration.ofSeconds(4)).block();

                assertThat(log.lines()).hasSizeLessThan(30);
                log.lines().clear();
                redis.launch();
                node.ready();
                Await.until("it is back", () -> node.tier.health().streamLive());
            }
        }
    }

    @Test
    void theErrorOfAFailedCallIsPrintedInAFewLines() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.live(redis.uri(), "outage")) {
            redis.kill();
            for (Mono<?> change : List.of(
                    node.cache.put("k", "v"),
                    node.cache.invalidate("k"),
                    node.cache.clear(),
                    node.cache.writeThrough("k", Mono.just("v")))) {
                StringWriter printed = new StringWriter();
                change.doOnError(failure -> failure.printStackTrace(new PrintWriter(printed, true)))
                        .onErrorComplete()
                        .block(Await.LIMIT);
                assertThat(printed.toString().lines().count()).isLessThan(40);
            }
        }
    }

    @Test
    void aPasswordThatIsWrongForAWhileIsAFewLines() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.live(redis.uri(), "outage");
                CapturedLog log = new CapturedLog()) {
            var stranger = redis.foreigner();
            stranger.configSet("requirepass", "rotated");
            node.warm("k", "v");
            stranger.clientKill(KillArgs.Builder.skipme());
            Mono.delay(Duration.ofSeconds(10)).block();

            assertThat(log.lines()).hasSizeLessThan(30);
        }
    }

    @Test
    void aClusterThatIsRestartedAsAWholeIsAFewLines() {
        try (ClusterGroup cluster = ClusterGroup.lasting();
                Node node = Node.live(cluster.uri(), "outage");
                CapturedLog log = new CapturedLog()) {
            List<RedisProcess> masters = cluster.masters();
            masters.forEach(RedisProcess::kill);
            Flux.range(0, 2_000)
                    .flatMap(i -> node.cache
                            .getOrFetch("k" + i, Mono.just("v"))
                            .then(node.cache.put("k" + i, "v"))
                            .onErrorComplete(RemoteTierException.class))
                    .blockLast(Await.LIMIT);
            masters.forEach(RedisProcess::launch);
            Mono.delay(Duration.ofSeconds(6)).block();

            assertThat(log.lines()).hasSizeLessThan(60);
        }
    }
}
