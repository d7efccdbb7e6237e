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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Redis of this program's own, for people who have none: a server from the class path, on a free port of the loopback
 * interface, that writes nothing to disk and is gone after {@link #close()}. Its methods block.
 */
final class EmbeddedRedis implements AutoCloseable {
    private static final String VERSION = "7.0.15";
    private static final String HOST = "127.0.0.1";
    private static final int ATTEMPTS = 3;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path folder;
    private final Process process;
    private final int port;

    private EmbeddedRedis(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
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
            String output = redis.output();
            redis.close();
            if (attempt == ATTEMPTS) {
                throw new IllegalStateException("The embedded Redis did not start: " + output);
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
            return new EmbeddedRedis(folder, run(folder, command(executable, port)), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path executable, int port) {
        return List.of(executable.toString(), "--bind", HOST, "--port", "" + port, "--save", "", "--appendonly", "no");
    }

    private static Process run(Path folder, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
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
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean isUp() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (answers()) {
                return true;
            }
            pause();
        }
        return false;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
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
            throw new IllegalStateException("interrupted while Redis started", e);
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("redis.log"));
        } catch (IOException e) {
            return "no output";
        }
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://" + HOST + ':' + port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    private static void delete(Path folder) {
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
}
