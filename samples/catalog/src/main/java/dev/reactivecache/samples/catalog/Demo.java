package dev.reactivecache.samples.catalog;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.springframework.beans.BeansException;
import org.springframework.core.NestedExceptionUtils;

/**
 * Shows the cache at work: two nodes of the service in this process share a Redis and a database, clients read and
 * write through them, and a table shows what the caches did. Then the nodes go on serving until Ctrl-C, or with
 * {@code -Ddemo.once} the program ends: with status 0, or 1 if anything failed.
 */
public final class Demo {
    private static final int PREFERRED_PORT = 8080;
    private static final String REDIS_URI = "reactive-cache.redis.uri";

    private final DemoSettings settings;
    private final PrintStream out;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private Demo(DemoSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Runs the demo; see {@link DemoSettings} for what can be set. */
    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        try {
            Demo demo = new Demo(DemoSettings.ofSystemProperties(), out);
            Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "demo-shutdown"));
            demo.run();
            if (!demo.settings.once()) {
                out.println("The nodes go on serving. Ctrl-C ends them.");
                new CountDownLatch(1).await();
            }
        } catch (RuntimeException e) {
            out.println("The demo failed: " + reason(e));
            System.exit(1);
        }
        System.exit(0);
    }

    /** What Spring says of a bean that it could not make is long, and ends with what matters. */
    private static String reason(RuntimeException e) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
        boolean rootSaysAll = root == e || e instanceof BeansException;
        return rootSaysAll ? String.valueOf(root.getMessage()) : e.getMessage() + ": " + root.getMessage();
    }

    private void run() {
        Map<String, Object> nodeSettings = new HashMap<>(Map.of(
                "logging.level.root", "warn",
                "logging.level.org.springframework.boot.SpringApplication", "off",
                "logging.level.org.springframework.boot.diagnostics", "off",
                "logging.level.org.springframework.boot.web.server.reactive.context", "error",
                "catalog.query-delay", settings.queryDelay().toMillis() + "ms"));
        String redis = redis(nodeSettings);
        Node first = started(Node.startPreferring(PREFERRED_PORT, nodeSettings));
        Node second = started(Node.start(0, nodeSettings));
        announce(first, second, redis);
        out.println(load(List.of(first, second)));
        out.println();
    }

    private String redis(Map<String, Object> nodeSettings) {
        return switch (settings.redis()) {
            case DemoSettings.NO_REDIS -> "none: each node is on its own";
            case DemoSettings.EMBEDDED_REDIS -> {
                EmbeddedRedis embedded = started(EmbeddedRedis.start());
                nodeSettings.put(REDIS_URI, embedded.uri());
                yield "redis-cli -p " + embedded.port();
            }
            default -> {
                nodeSettings.put(REDIS_URI, settings.redis());
                yield "yours";
            }
        };
    }

    private void announce(Node first, Node second, String redis) {
        out.printf(
                """

                An airport catalog behind Reactive Cache, on two nodes

                  node 1    %s
                  node 2    %s
                  Redis     %s

                  curl -i %s/2434
                      London Heathrow; the header X-Cache says who answered
                  curl -N %s/invalidations
                      what leaves the cache, as it happens

                %d clients read for %d seconds (Zipf), with %.0f %% writes; a query of the database takes %d ms more.

                """,
                first.url(),
                second.url(),
                redis,
                first.url(),
                second.url(),
                settings.clients(),
                settings.time().toSeconds(),
                LoadGenerator.WRITES * 100,
                settings.queryDelay().toMillis());
    }

    private Table load(List<Node> nodes) {
        LoadGenerator load =
                new LoadGenerator(nodes.stream().map(Node::url).toList(), AirportData.read(), settings.clients());
        Duration limit = settings.time().plusSeconds(60);
        load.warmUp().block(limit);
        load.run(settings.time()).block(limit);
        List<Measurements> measured = load.measurements();
        Measurements total = Measurements.total(measured);
        if (total.failures() > 0) {
            throw new IllegalStateException(
                    total.failures() + " requests failed, the first with: " + total.firstFailure());
        }
        return DemoReport.of(measured, nodes.stream().map(Node::stats).toList());
    }

    private synchronized <T extends AutoCloseable> T started(T part) {
        running.push(part);
        return part;
    }

    private synchronized void stop() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                out.println("Not closed cleanly: " + e);
            }
        }
    }
}
