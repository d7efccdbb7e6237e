package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Coalescing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** G8 on a real Redis: one load for a whole fleet. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class FleetFlightIT {
    private final RedisServer redis;
    private final String name = RedisServer.name();

    FleetFlightIT(RedisServer redis) {
        this.redis = redis;
    }

    private Node node(String uri) {
        return Node.live(
                uri, name, builder -> builder.coalescing(Coalescing.CLUSTER).lease(Duration.ofSeconds(2)));
    }

    @Test
    void oneThousandCallersOnFourNodesCauseOneLoad() {
        List<Node> nodes = Stream.generate(() -> node(redis.uri())).limit(4).toList();
        AtomicInteger loads = new AtomicInteger();
        Mono<String> source = Mono.fromSupplier(() -> "v" + loads.incrementAndGet())
                .delaySubscription(Duration.ofSeconds(5)); // longer than the lease, which is renewed

        List<String> answers = Node.get(Flux.range(0, 1_000)
                .flatMap(caller -> nodes.get(caller % 4).cache.getOrFetch("k", source), 1_000)
                .collectList());

        assertThat(answers).hasSize(1_000).containsOnly("v1");
        assertThat(loads).hasValue(1);
        nodes.forEach(Node::close);
    }

    @Test
    void nodeThatWaitsForALoadOverAValueGoesOnWhenThatLoadFails() {
        redis.foreigner().set("rc:" + name + ":k", ForeignBytesIT.HEADER + TestCodecs.BAD);
        Sinks.One<String> failing = Sinks.one();
        Sinks.One<String> working = Sinks.one();
        try (Node first = longLeases();
                Node second = longLeases()) {
            // given a node that loads what no node can read, and another that waits for it
            first.cache.getOrFetch("k", failing.asMono()).subscribe(null, expected -> {});
            Await.until("it loads", () -> failing.currentSubscriberCount() == 1);
            Mono<String> waiting =
                    second.cache.getOrFetch("k", working.asMono()).cache();
            waiting.subscribe();
            Await.until("it has read", () -> second.cache.stats().unreadable() > 0);
            Node.get(second.cache.invalidate("another")); // after it has asked for the right, on the same connection

            failing.tryEmitError(new IllegalStateException("down")).orThrow();

            Await.until("the other loads", () -> working.currentSubscriberCount() == 1);
            working.tryEmitValue("v").orThrow();
            assertThat(Node.get(waiting)).isEqualTo("v");
        }
    }

    private Node longLeases() {
        return Node.live(
                redis.uri(),
                name,
                builder -> builder.coalescing(Coalescing.CLUSTER).lease(Duration.ofMinutes(5)));
    }

    @Test
    void nodeThatDiesWhileItLoadsIsReplacedByOneThatWaits() { // R15
        Sinks.One<String> never = Sinks.one();
        TcpProxy wire = TcpProxy.to(redis);
        try (Node dying = node(wire.uri());
                Node waiting = node(redis.uri())) {
            dying.cache.getOrFetch("k", never.asMono()).subscribe();
            Await.until("it loads", () -> never.currentSubscriberCount() == 1);
            wire.close();

            assertThat(waiting.read("k", "v")).isEqualTo("v");

            assertThat(redis.foreigner().get("rc:" + name + ":k")).endsWith("v");
        }
    }
}
