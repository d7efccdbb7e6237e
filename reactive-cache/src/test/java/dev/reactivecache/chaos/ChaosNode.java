package dev.reactivecache.chaos;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.Coalescing;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.chaos.Act.Kind;
import dev.reactivecache.chaos.Act.Outcome;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.NotificationSetup;
import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.remote.RemoteHealth;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One node: a process with a tier and a cache of its own, which does what its seed says and answers what it is asked on
 * its input, a line each. It ends with its input, so with the process that started it.
 */
final class ChaosNode {
    private static final int CALLERS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long STATE_PERIOD_MILLIS = 100;

    private final RedisTier tier;
    private final ReactiveCache<Integer, Long> cache;
    private final Versions source;
    private final History history;
    private final ConcurrentMap<Object, Long> underWay = Workload.noneUnderWay();
    private final PrintStream answers;
    private volatile boolean working = true;

    private ChaosNode(int number, String uri, Path folder, PrintStream answers) {
        this.answers = answers;
        this.source = Versions.open(folder.resolve("versions"));
        this.history = History.begin(folder, number);
        this.tier = RedisTier.builder(uri)
                .notifications(NotificationSetup.ADD_MISSING)
                .changes(ChaosSettings.source())
                .stalenessBound(ChaosSettings.BOUND)
                .readTimeout(ChaosSettings.READ_TIMEOUT)
                .writeTimeout(ChaosSettings.WRITE_TIMEOUT)
                .connect();
        this.cache = ReactiveCache.<Integer, Long>builder(ChaosSettings.CACHE)
                .key(KeyCodec.ofInt())
                .value(new VersionCodec())
                .local(LocalTier.<Integer, Long>maximumSize(1_000).withTtl(ChaosSettings.LOCAL_TTL))
                .loadTimeout(ChaosSettings.LOAD_TIMEOUT)
                .coalescing(number % 3 == 2 ? Coalescing.CLUSTER : Coalescing.LOCAL)
                .remote(tier)
                .build();
    }

    /**
     * Begins.
     *
     * @param args the number of this process, where Redis is, the folder of the run, a seed, the control, and whether
     *     to work or only to answer
     */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err); // what others print must not be taken for an answer
        int number = Integer.parseInt(args[0]);
        ChaosNode node = new ChaosNode(number, args[1], Path.of(args[2]), answers);
        if (Boolean.parseBoolean(args[5])) {
            node.work(Long.parseLong(args[3]) * 1_000 + number, ChaosSettings.Control.valueOf(args[4]));
        }
        node.serve();
        Runtime.getRuntime().halt(0);
    }

    private void work(long seed, ChaosSettings.Control control) {
        for (int i = 0; i < CALLERS; i++) {
            Workload caller = new Workload(cache, source, history, control, seed * 100 + i, underWay);
            Flux.defer(caller::step).repeat(() -> working).subscribe(null, Throwable::printStackTrace);
        }
        Thread states = new Thread(this::writeStates, "states");
        states.setDaemon(true);
        states.start();
    }

    /** How this node is, again and again; a stretch without one is one in which the process did not run. */
    private void writeStates() {
        while (true) {
            CacheHealth health = cache.health();
            RemoteHealth remote = Objects.requireNonNull(health.remote());
            long waiting =
                    underWay.values().stream().mapToLong(start -> start).min().orElse(0);
            history.add(
                    Kind.STATE,
                    remote.connected() && remote.streamLive() ? Outcome.LIVE : Outcome.DEAF,
                    health.recovery().pending(),
                    System.nanoTime(),
                    waiting,
                    cache.stats().gaps());
            try {
                Thread.sleep(STATE_PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve() throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            switch (line) {
                case "CLOCK" -> answer("" + System.nanoTime());
                case "REST" -> {
                    working = false;
                    answer("RESTING");
                }
                case "UNDERWAY" -> answer("" + underWay.size());
                case "STATE" -> answer(state());
                case "STATS" -> answer(cache.stats().toString());
                case "CHECK" -> check();
                case "CLOSE" -> {
                    cache.close().then(tier.close()).block(PATIENCE);
                    return;
                }
                default -> answer("what is " + line + "?");
            }
        }
    }

    private String state() {
        CacheHealth health = cache.health();
        RemoteHealth remote = Objects.requireNonNull(health.remote());
        return health.status() + " pending=" + health.recovery().pending() + " problem=" + remote.problem();
    }

    /** What each key is without loading it, or 0; and what with it. */
    private void check() {
        for (int key = 0; key < ChaosSettings.KEYS; key++) {
            int loaded = key;
            Long found = cache.get(key).block(PATIENCE);
            Long fetched = cache.getOrFetch(key, k -> Mono.fromSupplier(() -> source.current(loaded)))
                    .block(PATIENCE);
            answer(key + " " + (found == null ? 0 : found) + " " + fetched);
        }
    }

    private void answer(String line) {
        answers.println(line);
        answers.flush();
    }
}
