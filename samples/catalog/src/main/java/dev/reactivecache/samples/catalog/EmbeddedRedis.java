package dev.reactivecache.samples.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Redis of this program's own, for people who have none: a server from the class path, on a free port of the loopback
 * interface, that keeps nothing on disk and is gone after {@link #close()}. Its methods block.
 *
 * <p>It runs as a daemon, so that Ctrl-C, which a terminal sends to all that it started, ends the nodes first.
 */
final class EmbeddedRedis implements AutoCloseable {
    private static final String VERSION = "7.0.15";
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();
    private static final int ATTEMPTS = 3;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path folder;
    private final int port;

    private EmbeddedRedis(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts it, and returns when it answers.
     *
     * @throws IllegalStateException if there is none for this machine, or it does not start
     */
    static EmbeddedRedis start() {
        String binary = "/redis-server-" + VERSION + '-' + platform();
        for (int attempt = 1; ; attempt++) {
            EmbeddedRedis redis = launch(binary);
            if (redis.isUp()) {
                return redis;
            }
            String log = redis.log();
            redis.close();
            if (attempt == ATTEMPTS) {
                throw new IllegalStateException("The embedded Redis did not start: " + log);
            }
        }
    }

    private static EmbeddedRedis launch(String binary) {
        try (InputStream server = EmbeddedRedis.class.getResourceAsStream(binary)) {
            if (server == null) {
                throw new IllegalStateException("There is no embedded Redis for this machine (" + platform()
                        + "). Name yours with -Dcatalog.redis=redis://host:port, or do without: -Dcatalog.redis=none");
            }
            Path folder = Files.createTempDirectory("catalog-redis-");
            Path executable = folder.resolve("redis-server");
            Files.copy(server, executable);
            executable.toFile().setExecutable(true);
            int port = freePort();
            run(folder, executable, port);
            return new EmbeddedRedis(folder, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Path folder, Path executable, int port) throws IOException {
        List<String> command = List.of(
                executable.toString(),
                "--bind",
                HOST.getHostAddress(),
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--appendonly",
                "no",
                "--daemonize",
                "yes",
                "--pidfile",
                pidFile(folder).toString(),
                "--logfile",
                logFile(folder).toString(),
                "--dir",
                folder.toString());
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return (os.startsWith("mac") ? "darwin" : os.split(" ", 2)[0])
                + '-'
                + switch (arch) {
                    case "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> arch;
                };
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, HOST)) {
            return socket.getLocalPort();
        }
    }

    private boolean isUp() {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (answers() && process().isPresent()) {
                return true;
            }
            pause();
        }
        return false;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), 1_000);
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == '+';
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Redis started or stopped", e);
        }
    }

    /** The daemon, once it has written down which process it is. */
    private Optional<ProcessHandle> process() {
        try {
            String pid = Files.readString(pidFile(folder)).strip();
            return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    private String log() {
        try {
            return Files.readString(logFile(folder));
        } catch (IOException e) {
            return "it said nothing";
        }
    }

    private static Path pidFile(Path folder) {
        return folder.resolve("redis.pid");
    }

    private static Path logFile(Path folder) {
        return folder.resolve("redis.log");
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://" + HOST.getHostAddress() + ':' + port;
    }

    @Override
    public void close() {
        process().ifPresent(EmbeddedRedis::stop);
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(ProcessHandle process) {
        process.destroy();
        long end = System.nanoTime() + STOP_LIMIT.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > end) {
                process.destroyForcibly();
                return;
            }
            pause();
        }
    }
}
