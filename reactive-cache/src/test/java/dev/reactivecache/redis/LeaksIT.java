package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a closed tier leaves behind: nothing. */
@Timeout(60)
class LeaksIT {
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("lettuce"))
                .collect(Collectors.toSet());
    }

    @Test
    void closedTierLeavesNoConnectionAndNoThread() {
        try (RedisProcess redis = RedisProcess.start()) {
            var foreigner = redis.foreigner();
            Set<Thread> before = threads();
            for (int i = 0; i < 3; i++) {
                try (Node node = Node.live(redis.uri(), "leaks")) {
                    node.warm("k", "v");
                    // one that was given up while it was made is listed until Redis has read its end
                    Await.until(
                            "there are two, and ours",
                            () -> foreigner.clientList().lines().count() == 3);
                }
                Await.until(
                        "no connection is left",
                        () -> foreigner.clientList().lines().count() == 1);
                Await.until("no thread is left", () -> before.containsAll(threads()));
            }
        }
    }

    @Test
    void tierThatNeverConnectedLeavesNoThread() {
        try (RedisProcess redis = RedisProcess.prepare()) {
            Set<Thread> before = threads();
            try (Node node = Node.of(redis.uri(), "leaks", tier -> tier, cache -> cache)) {
                assertThat(node.read("k", "v")).isEqualTo("v");
                Await.until("it has tried", () -> node.tier.health().problem() != null);
            }
            Await.until("no thread is left", () -> before.containsAll(threads()));
        }
    }

    @Test
    void tierThatIsClosedWhileRedisIsGoneLeavesNoThreadAndDoesNotComeBack() {
        try (RedisProcess redis = RedisProcess.start()) {
            Set<Thread> before = threads();
            try (Node node = Node.live(redis.uri(), "leaks")) {
                redis.kill();
                Await.until("it is missed", () -> !node.tier.health().streamLive());
            }
            redis.launch();
            Await.until("no thread is left", () -> before.containsAll(threads()));
            var foreigner = redis.foreigner();
            assertThat(foreigner.clientList().lines().count()).isEqualTo(1);
        }
    }

    @Test
    void connectionsOfManyGapsAreNotKept() {
        try (RedisProcess redis = RedisProcess.start();
                TcpProxy wire = TcpProxy.to(redis);
                Node node = Node.live(wire.uri(), "leaks")) {
            var foreigner = redis.foreigner();
            for (int i = 0; i < 10; i++) {
                long gaps = node.cache.stats().gaps();
                wire.cut(TcpProxy.Kind.EVENTS);
                Await.until("it is noticed", () -> node.cache.stats().gaps() > gaps);
                Await.until("it is live again", () -> node.tier.health().streamLive());
            }
            Await.until(
                    "there are two, and ours",
                    () -> foreigner.clientList().lines().count() == 3);
        }
    }
}
