package dev.reactivecache.httptests;

import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.spring.TestRedis;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the public suite for HTTP caches (npm: {@code http-cache-tests}) against both caches, in memory and over Redis,
 * all at once, and compares with what was passed before. Ends with 0; with 1 if a test is not passed that was; with 2
 * if something is missing that the suite needs, unless the suite is optional.
 */
final class HttpTests {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PrintStream OUT = System.out;

    private HttpTests() {}

    public static void main(String[] arguments) throws IOException {
        int status;
        try {
            Path folder = Path.of(System.getProperty("http-tests.folder", "target/http-tests"));
            status = run(SuitePackage.fetchedInto(folder));
        } catch (SuitePackage.MissingException missing) {
            OUT.println("The suite for HTTP caches is not run: it needs " + missing.getMessage());
            status = Boolean.getBoolean("http-tests.optional") ? 0 : 2;
        }
        System.exit(status); // the servers' threads would keep the process
    }

    private static int run(SuitePackage suite) throws IOException {
        List<Subject> subjects = Subject.those(Boolean.getBoolean("http-tests.memory"));
        Map<Subject, SuiteRun> runs =
                subjects.contains(Subject.RESPONSES_IN_REDIS) ? withRedis(suite, subjects) : run(suite, subjects, null);
        Path results = Path.of(System.getProperty("http-tests.results", "target/http-tests.json"));
        return new Report(OUT, results).of(runs, suite);
    }

    private static Map<Subject, SuiteRun> withRedis(SuitePackage suite, List<Subject> subjects) throws IOException {
        try (TestRedis redis = TestRedis.start()) {
            RedisTier tier = RedisTier.builder(redis.uri())
                    .readTimeout(PATIENCE)
                    .writeTimeout(PATIENCE)
                    .connect();
            tier.ready().block(PATIENCE);
            Map<Subject, SuiteRun> runs = run(suite, subjects, tier);
            tier.close().block(PATIENCE);
            return runs;
        }
    }

    private static Map<Subject, SuiteRun> run(SuitePackage suite, List<Subject> subjects, @Nullable RedisTier redis)
            throws IOException {
        List<Forwarder> servers = new ArrayList<>();
        try (SuitePackage.Origin origin = suite.startOrigin()) {
            Map<Subject, SuitePackage.Running> running = new EnumMap<>(Subject.class);
            for (Subject subject : subjects) {
                Forwarder server = subject.start(origin.address(), redis);
                servers.add(server);
                running.put(subject, suite.run(subject.title(), server.address()));
            }
            Map<Subject, SuiteRun> runs = new EnumMap<>(Subject.class);
            for (Map.Entry<Subject, SuitePackage.Running> run : running.entrySet()) {
                runs.put(run.getKey(), run.getValue().await());
            }
            return runs;
        } finally {
            servers.forEach(Forwarder::close);
        }
    }
}
