import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs all tests of all modules again and again, each time in another order, while a load comes and goes: {@code ./mvnw
 * -Psoak -Dsoak.minutes=120}. A run that has begun is ended; one that fails is kept, with its seed, its reports and
 * dumps of threads, under {@code target/soak}, and the next begins. The last line says how it went, and the status is 1
 * if any test failed.
 *
 * <p>System properties: {@code soak.minutes}; {@code soak.seed}, which decides orders and load; {@code soak.args}, what
 * each build is given besides, such as {@code -pl reactive-cache -Dit.test=BulkIT}.
 */
final class Soak {
    private static final Path KEPT = Path.of("target", "soak");
    private static final Pattern SUITE = Pattern.compile("<testsuite [^>]*?>", Pattern.DOTALL);
    /** A run that takes longer may hang, so its threads are written down; it is waited for all the same. */
    private static final Duration USUAL = Duration.ofMinutes(20);

    private int runs;
    private int tests;
    private int failed;

    private Soak() {}

    /** Runs them. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Duration time = Duration.ofMinutes(Long.getLong("soak.minutes", 60));
        long seed = Long.getLong("soak.seed", System.nanoTime() & 0xFFFF_FFFFL);
        System.out.println("soak seed=" + seed + ", failures are kept in " + KEPT.toAbsolutePath());
        Soak soak = new Soak();
        soak.run(time, new Random(seed));
        System.out.printf("soak runs=%d tests=%d failed=%d%n", soak.runs, soak.tests, soak.failed);
        System.exit(soak.failed == 0 ? 0 : 1);
    }

    private void run(Duration time, Random random) throws IOException, InterruptedException {
        Files.createDirectories(KEPT);
        long end = System.nanoTime() + time.toNanos();
        do {
            long order = random.nextInt(Integer.MAX_VALUE);
            Load load = new Load(random.nextLong());
            load.start();
            try {
                runOnce(order);
            } finally {
                load.end();
            }
        } while (System.nanoTime() - end < 0);
    }

    private void runOnce(long order) throws IOException, InterruptedException {
        runs++;
        forgetReports();
        Path folder = Files.createDirectories(KEPT.resolve("run-" + runs + "-order-" + order));
        List<String> command = new ArrayList<>(List.of(
                "./mvnw",
                "-B",
                "-ntp",
                "verify",
                "--fail-at-end",
                "-Djacoco.skip",
                "-Dmaven.javadoc.skip",
                "-Dmaven.source.skip",
                "-Dmaven.test.failure.ignore",
                "-Dsurefire.runOrder=random",
                "-Dfailsafe.runOrder=random",
                "-Dsurefire.runOrder.random.seed=" + order,
                "-Dfailsafe.runOrder.random.seed=" + order,
                "-Dsoak.threads=" + folder.toAbsolutePath()));
        Stream.of(System.getProperty("soak.args", "").split(" "))
                .filter(arg -> !arg.isBlank())
                .forEach(command::add);
        Process build = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        while (!build.waitFor(USUAL.toMinutes(), TimeUnit.MINUTES)) {
            writeThreads(build.toHandle(), folder);
        }
        judge(order, folder, build.exitValue());
    }

    private void judge(long order, Path folder, int status) throws IOException {
        int ran = 0;
        int bad = 0;
        for (Path report : reports()) {
            Matcher suite = SUITE.matcher(Files.readString(report));
            if (suite.find()) {
                int here = number(suite.group(), "errors") + number(suite.group(), "failures");
                ran += number(suite.group(), "tests");
                bad += here;
                if (here > 0) {
                    Files.copy(report, folder.resolve(report.getFileName()));
                    System.out.println("  failed: " + report.getFileName());
                }
            }
        }
        tests += ran;
        boolean good = bad == 0 && status == 0 && ran > 0;
        failed += good ? 0 : Math.max(1, bad); // a run that ends in another way is a failure, too
        System.out.printf("run %d, order %d: tests=%d failed=%d status=%d%n", runs, order, ran, bad, status);
        if (good) {
            deleteAll(folder);
        }
    }

    private static int number(String suite, String attribute) {
        Matcher matcher = Pattern.compile(" " + attribute + "=\"(\\d+)\"").matcher(suite);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static void writeThreads(ProcessHandle build, Path folder) throws IOException, InterruptedException {
        for (ProcessHandle process : build.descendants().toList()) {
            if (process.info().command().orElse("").endsWith("java")) {
                Path file = folder.resolve("threads-" + process.pid() + '-' + System.currentTimeMillis() + ".txt");
                Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
                new ProcessBuilder(jstack.toString(), "-l", "" + process.pid())
                        .redirectErrorStream(true)
                        .redirectOutput(file.toFile())
                        .start()
                        .waitFor(1, TimeUnit.MINUTES);
            }
        }
    }

    private static List<Path> reports() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(Path.of(""), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String folder = String.valueOf(file.getParent());
                String name = file.getFileName().toString();
                boolean ofTests = folder.endsWith("surefire-reports") || folder.endsWith("failsafe-reports");
                if (ofTests && name.startsWith("TEST-") && name.endsWith(".xml")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean passed = folder.endsWith(".git") || folder.equals(KEPT);
                return passed ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static void forgetReports() throws IOException {
        for (Path report : reports()) {
            Files.delete(report);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** As many threads as there are cores work for up to ten seconds, rest for up to ten, and so on. */
    private static final class Load {
        private final Random random;
        private volatile boolean ended;
        private volatile boolean working;

        Load(long seed) {
            random = new Random(seed);
        }

        void start() {
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                daemon(this::work);
            }
            daemon(this::turn);
        }

        private void turn() {
            while (!ended) {
                working = !working;
                pause(500 + random.nextInt(9_500));
            }
        }

        private void work() {
            long sum = 1;
            while (!ended) {
                if (working) {
                    for (int i = 0; i < 1_000_000; i++) {
                        sum = sum * 31 + i;
                    }
                } else {
                    pause(20);
                }
            }
            if (sum == 0) { // so that the compiler does not leave the work out
                System.out.println();
            }
        }

        void end() {
            ended = true;
        }

        private static void pause(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work, "load");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
