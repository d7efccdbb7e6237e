package dev.reactivecache.spring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A Redis of a test's own, from the binaries that the build unpacks. Listens on loopback and keeps nothing. */
public final class TestRedis implements AutoCloseable {
    /** Limits longer than a slow machine stands still, so that whatever is asked of a Redis is answered by it. */
    private static final List<String> PATIENT = List.of(
            "reactive-cache.redis.read-timeout=5s",
            "reactive-cache.redis.write-timeout=5s",
            "reactive-cache.redis.staleness-bound=6s");

    private static final int LOWEST_PORT = 12_000;
    private static final int PORTS = 2_500;
    private static final int JVMS = 8;
    /** JVMs that run tests at once have ports of their own: what one finds free another may be about to take. */
    private static final int LOWEST_OF_THIS_JVM =
            LOWEST_PORT + Integer.getInteger("reactivecache.fork", 0) % JVMS * PORTS;

    private static final int PORT_ATTEMPTS = 100;

    private final Process process;
    private final int port;

    private TestRedis(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one, or skips the test where no binary fits the platform. */
    public static TestRedis start(String... settings) {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path binary = Path.of(
                System.getProperty("reactivecache.redis.binaries", "target/redis-binaries"),
                "redis-server-7.0.15-" + os + "-" + arch);
        assumeTrue(Files.exists(binary), () -> "no Redis at " + binary);
        assumeTrue(binary.toFile().setExecutable(true), "Redis cannot be run");
        try {
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(
                    binary.toAbsolutePath().toString(), "--bind", "127.0.0.1", "--port", "" + port, "--save", ""));
            command.addAll(List.of(settings));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            Awaitility.await().until(() -> answers(port));
            return new TestRedis(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Below those that connections get, which others may open before the server starts. */
    private static int freePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = LOWEST_OF_THIS_JVM + ThreadLocalRandom.current().nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                if (attempt == PORT_ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            socket.setSoTimeout(500);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Its port on loopback. */
    public int port() {
        return port;
    }

    /** Where it is. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Properties of an application that uses one: its limits, and more. */
    public static String[] patient(String... more) {
        return Stream.concat(PATIENT.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
