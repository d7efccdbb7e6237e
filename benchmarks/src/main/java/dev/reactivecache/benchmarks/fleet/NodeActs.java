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
    private volatile Drops drops = new Drops("", 0);
    private @Nullable Boolean tells;

    Reply obey(Order order) throws InterruptedException {
        return switch (order.act()) {
            case "clock" -> Reply.of("now", System.nanoTime());
            case "open" -> open(order);
            case "stampede" -> stampede(order);
            case "hold" -> hold(order);
            case "change" -> change(order);
            case "drops" -> Reply.of("dropped", list(drops.at()));
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

    /**
     * Reads the keys, so that there are copies of them, and from now on notes when one goes because of another node.
     */
    private Reply hold(Order order) throws InterruptedException {
        int keys = (int) order.number("keys");
        String prefix = order.text("prefix");
        each(keys, 64, Integer.MAX_VALUE, i -> opened().read(prefix + i));
        drops = new Drops(prefix, keys);
        if (tells == null) {
            tells = opened().onDrop(key -> drops.note(key));
        }
        return Reply.of("tells", tells ? 1 : 0);
    }

    /** Changes keys whose numbers begin with {@code from}, at a rate. One that fails is acknowledged at zero. */
    private Reply change(Order order) throws InterruptedException {
        int keys = (int) order.number("keys");
        int from = (int) order.number("from");
        String prefix = order.text("prefix");
        AtomicLongArray acknowledged = new AtomicLongArray(keys);
        long begun = System.nanoTime();
        each(
                keys,
                (int) order.number("atOnce"),
                (int) order.number("perSecond"),
                i -> opened().change(prefix + (from + i), "changed")
                        .thenRun(() -> acknowledged.set(i, System.nanoTime())));
        return new Reply("", Map.of("acknowledged", list(acknowledged), "nanos", List.of(System.nanoTime() - begun)));
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

    /**
     * When copies went.
     *
     * @param prefix of the keys, which end with a number
     * @param at when by {@code System.nanoTime()}; zero if not yet
     */
    private record Drops(String prefix, AtomicLongArray at) {
        Drops(String prefix, int keys) {
            this(prefix, new AtomicLongArray(keys));
        }

        void note(String key) {
            if (key.startsWith(prefix) && at.length() > 0) {
                at.compareAndSet(Integer.parseInt(key.substring(prefix.length())), 0, System.nanoTime());
            }
        }
    }
}
