package dev.reactivecache.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server of a test's own, from the embedded binaries that the build unpacks: it may be killed, frozen,
 * reconfigured. Listens on loopback, keeps nothing on disk, and is gone after {@link #close()}.
 */
public final class RedisProcess implements AutoCloseable {
    /** Stands for its port in settings of its own. */
    static final String PORT_HERE = "%port%";

    private static final String HOST = "127.0.0.1";
    private static final int PORT_ATTEMPTS = 5;
    private static final int SAY_MILLIS = 5_000;
    private static final int LOWEST_PORT = 12_000;
    private static final int PORTS = 2_500;
    private static final int JVMS = 8;
    /** JVMs that run tests at once have ports of their own: what one finds free another may be about to take. */
    private static final int LOWEST_OF_THIS_JVM =
            LOWEST_PORT + Integer.getInteger("reactivecache.fork", 0) % JVMS * PORTS;

    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private final Path binary;
    private final Path folder;
    private final List<String> settings;
    private final int port;
    private final Thread atExit = new Thread(this::kill);
    private @Nullable List<String> command;
    private int busPort;
    private boolean speaksTls;
    private ClientOptions options = ClientOptions.create();
    private Process process;
    private RedisClient client;

    private RedisProcess(Path binary, Path folder, int port, List<String> settings) {
        this.binary = binary;
        this.folder = folder;
        this.port = port;
        this.settings = settings.stream().map(this::withPort).toList();
        this.speaksTls = settings.contains("--tls-port");
    }

    private String withPort(String setting) {
        return setting.replace(PORT_HERE, Integer.toString(port));
    }

    /** Starts one, or skips the test where no binary fits the platform. */
    public static RedisProcess start(String... settings) {
        RedisProcess process = prepare(settings);
        process.launch();
        return process;
    }

    /** A Sentinel, whose settings are lines of its own file. */
    static RedisProcess sentinel(String... lines) {
        RedisProcess process = prepare();
        Path file = process.folder.resolve("sentinel.conf");
        List<String> all = new ArrayList<>(List.of("port " + process.port, "bind " + HOST, "dir " + process.folder));
        all.addAll(List.of(lines));
        all.replaceAll(process::withPort);
        process.speaksTls = all.stream().anyMatch(line -> line.startsWith("tls-port"));
        try {
            Files.write(file, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.command = List.of(process.binary.toString(), file.toString(), "--sentinel");
        process.launch();
        return process;
    }

    /** A node of a cluster, that does not know any other yet and owns no slot. */
    static RedisProcess clusterNode(String... settings) {
        RedisProcess process = prepareClusterNode(settings);
        process.launch();
        return process;
    }

    static RedisProcess prepareClusterNode(String... settings) {
        int bus = freePort();
        RedisProcess process = prepare(Stream.concat(
                        Stream.of(
                                "--cluster-enabled",
                                "yes",
                                "--cluster-port",
                                "" + bus,
                                "--cluster-node-timeout",
                                "1000",
                                "--cluster-replica-validity-factor",
                                "0",
                                "--cluster-allow-replica-migration",
                                "no",
                                "--repl-diskless-sync-delay",
                                "0"),
                        Stream.of(settings))
                .toArray(String[]::new));
        process.busPort = bus;
        return process;
    }

    /** One that does not run yet: its port is known, and nobody listens there. */
    static RedisProcess prepare(String... settings) {
        Optional<Path> binary = binary();
        assumeTrue(
                binary.isPresent(),
                () -> "skipped: no embedded Redis binary fits " + platform()
                        + ", and this test has to kill its server");
        try {
            RedisProcess process = new RedisProcess(
                    binary.get(), Files.createTempDirectory("reactive-cache-redis-"), freePort(), List.of(settings));
            Runtime.getRuntime().addShutdownHook(process.atExit);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The embedded server for this platform, if there is one. */
    static Optional<Path> binary() {
        Path binaries = Path.of(System.getProperty("reactivecache.redis.binaries", "target/redis-binaries"));
        if (!Files.isDirectory(binaries)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(binaries, "redis-server-*-" + platform())) {
            for (Path binary : found) {
                return binary.toFile().setExecutable(true) ? Optional.of(binary.toAbsolutePath()) : Optional.empty();
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it can: some builds leave it out. */
    static boolean binarySpeaksTls() {
        try {
            Process asked = new ProcessBuilder(binary().orElseThrow().toString(), "--port", "0", "--tls-port", "0")
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return !answer.contains("FATAL CONFIG FILE ERROR");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : os.replace(' ', '-'))
                + '-'
                + switch (arch) {
                    case "x86_64", "amd64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    case "x86", "i386", "i686" -> "386";
                    default -> arch;
                };
    }

    /** Starts it, again or for the first time, on its one port. */
    public void launch() {
        for (int attempt = 1; ; attempt++) {
            process = run();
            try {
                Await.until("Redis answers on port " + port, () -> !process.isAlive() || answers());
            } catch (AssertionError e) {
                kill();
                throw e;
            }
            if (process.isAlive()) {
                return;
            }
            if (attempt == PORT_ATTEMPTS) {
                throw new IllegalStateException("redis-server ended at once: " + process.exitValue() + " " + command());
            }
        }
    }

    private Process run() {
        try {
            return new ProcessBuilder(command())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        if (this.command != null) {
            return this.command;
        }
        List<String> command = new ArrayList<>(List.of(binary.toString(), "--bind", HOST, "--port", "" + port));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", folder.toString()));
        // what a replica was sent by its master; it would come back with that when it is launched again
        command.addAll(List.of("--rdb-del-sync-files", "yes"));
        command.addAll(settings);
        return command;
    }

    private boolean answers() throws IOException {
        if (speaksTls) {
            return accepts();
        }
        String answer = say("PING");
        return answer.startsWith("+") || answer.startsWith("-NOAUTH");
    }

    private boolean accepts() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), SAY_MILLIS);
            return true;
        }
    }

    /** Sends a command on a connection of its own, and returns the first line of the answer. */
    String say(String command) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), SAY_MILLIS);
            socket.setSoTimeout(SAY_MILLIS);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line == null ? "" : line;
        }
    }

    /**
     * One that nobody listens at, and that no other server of this process was given. It is below those that
     * connections get, which others may open before the server starts.
     */
    private static int freePort() {
        for (int attempt = 1; ; attempt++) {
            int port = LOWEST_OF_THIS_JVM + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
                return socket.getLocalPort();
            } catch (IOException e) {
                if (attempt == PORTS) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    public int port() {
        return port;
    }

    /** Where the nodes of its cluster reach it. */
    int busPort() {
        return busPort;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String uri() {
        return "redis://" + HOST + ':' + port;
    }

    /** A connection of nobody we know, as {@code redis-cli} would open it. Closed with the server. */
    RedisCommands<String, String> foreigner() {
        return foreigner(RedisURI.create(uri()));
    }

    /** With what its strangers connect from now on. */
    RedisProcess foreigners(ClientOptions options) {
        this.options = options;
        return this;
    }

    RedisCommands<String, String> foreigner(RedisURI uri) {
        if (client == null) {
            client = RedisClient.create();
            client.setOptions(options);
        }
        RedisURI impatient =
                RedisURI.builder(uri).withTimeout(Duration.ofSeconds(3)).build();
        try {
            return client.connect(impatient).sync();
        } catch (RedisConnectionException killed) { // Sentinel may kill it in the middle of its handshake
            return client.connect(impatient).sync();
        }
    }

    /** How many entries of caches it has. */
    int entries() {
        return foreigner().keys("rc:[^:]*").size();
    }

    /** kill -9. */
    public void kill() {
        if (process != null) {
            signal("CONT");
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Freezes it: its connections stay open and nothing is answered. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, "" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
