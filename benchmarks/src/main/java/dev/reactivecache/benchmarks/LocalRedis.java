package dev.reactivecache.benchmarks;

import io.lettuce.core.RedisClient;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A Redis of the benchmark's own, without persistence, on a free port of this machine: the server that the system
 * property {@code bench.redis} names, else the {@code redis-server} on the path, else the binary that the tests use.
 */
public final class LocalRedis implements AutoCloseable {
    private static final String BINARIES = "reactivecache.redis.binaries";
    private static final String SERVER = "bench.redis";

    private final Process process;
    private final int port;

    private LocalRedis(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it, and waits until it answers. It sends keyspace notifications. */
    public static LocalRedis start() throws IOException {
        return start("Eg$xe");
    }

    /** The same without keyspace notifications: only clients that have it track keys hear of changes. */
    public static LocalRedis startSilent() throws IOException {
        return start("");
    }

    private static LocalRedis start(String events) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        binary().toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--notify-keyspace-events",
                        events)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        LocalRedis redis = new LocalRedis(process, port);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        redis.await();
        return redis;
    }

    /** Has a JVM that is started start the server that this one does. */
    static String jvmArgument() {
        return "-D" + SERVER + "=" + binary();
    }

    /** Which server it is: the version, and what gives it memory, which decides what long replies cost it. */
    static String described() throws IOException {
        try (LocalRedis redis = start()) {
            RedisClient client = RedisClient.create(redis.uri());
            try {
                String info = client.connect().sync().info();
                return "Redis " + said(info, "redis_version") + " with memory from " + said(info, "mem_allocator");
            } finally {
                client.shutdown(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    private static String said(String info, String field) {
        return info.lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElse("?");
    }

    private static Path binary() {
        String chosen = System.getProperty(SERVER, "");
        if (!chosen.isEmpty()) {
            return Path.of(chosen);
        }
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(Objects.requireNonNullElse(System.getenv("PATH"), ""))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(LocalRedis::embedded);
    }

    private static Path embedded() {
        String given = System.getProperty(BINARIES, "");
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        File[] all = new File(given).listFiles((folder, name) -> name.endsWith("-" + os + "-" + arch));
        if (all == null || all.length == 0) {
            throw new IllegalStateException("no Redis for " + os + " and " + arch + " in " + given);
        }
        if (!all[0].canExecute() && !all[0].setExecutable(true)) {
            throw new IllegalStateException(all[0] + " cannot be made executable");
        }
        return all[0].toPath();
    }

    private void await() {
        RedisClient client = RedisClient.create(uri());
        try {
            Mono.fromCallable(() -> client.connect().sync().ping())
                    .retryWhen(Retry.fixedDelay(200, Duration.ofMillis(50)))
                    .block(Duration.ofSeconds(20));
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    /** On the loopback interface. */
    public int port() {
        return port;
    }

    /** Where it is. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
