package dev.reactivecache.benchmarks.fleet;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import dev.reactivecache.benchmarks.peer.NodeCache;
import dev.reactivecache.benchmarks.peer.Origin;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.benchmarks.peer.Place;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What a node can do. Its origin counts loads in Redis, on a connection of its own, under {@code loads:<key>}. */
final class NodeActs {
    /** As many as Tomcat has by default. */
    private static final int CALLERS = 200;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private @Nullable NodeCache cache;
    private AtomicLongArray dropped = new AtomicLongArray(0);

    Reply obey(Order order) throws InterruptedException {
        return switch (order.act()) {
            case "clock" -> Reply.of("now", System.nanoTime());
            case "open" -> open(order);
            case "stampede" -> stampede(order);
            case "hold" -> hold(order);
            case "change" -> change(order);
            case "drops" -> Reply.of("dropped", list(dropped));
            case "spent" ->
                new Reply("", Map.of("cpu", List.of(SYSTEM.getProcessCpuTime()), "told", List.of(opened().told())));
            default -> throw new IllegalArgumentException("no such act: " + order.act());
        };
    }

    private NodeCache opened() {
        return requireNonNull(cache, "no cache is open");
    }

    private Reply open(Order order) {
        RedisReactiveCommands<String, String> counter =
                RedisClient.create(order.text("uri")).connect().reactive();
        Duration load = Duration.ofMillis(order.number("loadMillis"));
        Origin origin = key -> counter.incr("loads:" + key).delayElement(load).thenReturn("value of " + key);
        cache = Peer.valueOf(order.text("peer"))
                .open(new Place(
                        order.text("uri"), order.text("name"), (int) order.number("localSize"), origin, callers));
        return Reply.of("opened", 1);
    }

    private Reply stampede(Order order) throws InterruptedException {
        int count = (int) order.number("callers");
        String key = order.text("key");
        AtomicLongArray took = new AtomicLongArray(count);
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(count);
        LockSupport.parkNanos(order.number("at") - System.nanoTime());
        for (int i = 0; i < count; i++) {
            int caller = i;
            long begun = System.nanoTime();
            opened().read(key).whenComplete((value, failure) -> {
                took.set(caller, System.nanoTime() - begun);
                if (failure != null) {
                    failures.incrementAndGet();
                }
                open.countDown();
            });
        }
        long unanswered = open.await(order.number("seconds"), TimeUnit.SECONDS) ? 0 : open.getCount();
        return new Reply(
                "",
                Map.of(
                        "took",
                        list(took),
                        "failures",
                        List.of((long) failures.get()),
                        "unanswered",
                        List.of(unanswered)));
    }

    private Reply hold(Order order) throws InterruptedException {
        int keys = (int) order.number("keys");
        String prefix = order.text("prefix");
        AtomicLongArray drops = new AtomicLongArray(keys);
        dropped = drops;
        each(keys, 256, Integer.MAX_VALUE, i -> opened().read(prefix + i));
        boolean tells = opened().onDrop(key -> {
            if (key.startsWith(prefix)) {
                drops.compareAndSet(Integer.parseInt(key.substring(prefix.length())), 0, System.nanoTime());
            }
        });
        return Reply.of("tells", tells ? 1 : 0);
    }

    private Reply change(Order order) throws InterruptedException {
        int keys = (int) order.number("keys");
        String prefix = order.text("prefix");
        AtomicLongArray acknowledged = new AtomicLongArray(keys);
        each(
                keys,
                1_000,
                (int) order.number("perSecond"),
                i -> opened().change(prefix + i, "changed").thenRun(() -> acknowledged.set(i, System.nanoTime())));
        return Reply.of("acknowledged", list(acknowledged));
    }

    private static void each(int count, int atOnce, int perSecond, Call call) throws InterruptedException {
        Pace pace = new Pace(atOnce, perSecond);
        for (int i = 0; i < count; i++) {
            pace.await();
            call.at(i).whenComplete((value, failure) -> pace.done());
        }
        pace.awaitAll(Duration.ofSeconds(20));
    }

    private static List<Long> list(AtomicLongArray array) {
        long[] values = new long[array.length()];
        Arrays.setAll(values, array::get);
        return Arrays.stream(values).boxed().toList();
    }
}
