package dev.reactivecache.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.util.StringUtils;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The Redis that tests share: the one named by the environment variable {@code REACTIVE_CACHE_TEST_REDIS}; else one in
 * a running Docker; else the embedded binary. It may be a developer's own, and other tests use it: a test takes cache
 * names of its own from {@link #name}, and flushes nothing. A test gets it as a constructor parameter, through
 * {@link Shared}.
 */
final class RedisServer implements AutoCloseable {
    private static final String VARIABLE = "REACTIVE_CACHE_TEST_REDIS";
    private static final String IMAGE = System.getProperty("reactivecache.redis.image", "redis:7");
    private static final int PORT = 6379;
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String RUN =
            Long.toString(ProcessHandle.current().pid(), 36) + Long.toString(System.currentTimeMillis(), 36);

    private final String uri;
    private final Runnable stop;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> text;
    private final StatefulRedisConnection<byte[], byte[]> bytes;

    /** Hands the shared server to constructors and test methods, and stops it after the last test. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RedisServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return of(context);
        }

        RedisServer of(ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(RedisServer.class))
                    .computeIfAbsent(RedisServer.class, type -> choose(), RedisServer.class);
        }
    }

    private RedisServer(String uri, Runnable stop) {
        this.uri = uri;
        this.stop = stop;
        this.client = RedisClient.create(RedisURI.create(uri));
        this.text = client.connect();
        this.bytes = client.connect(ByteArrayCodec.INSTANCE);
    }

    private static RedisServer choose() {
        String given = System.getenv(VARIABLE);
        if (StringUtils.isNotBlank(given)) {
            return reported("the one at " + VARIABLE, new RedisServer(given, () -> {}));
        }
        return dockerRuns() ? inDocker() : embedded();
    }

    @SuppressWarnings("resource") // closed with the server
    private static RedisServer inDocker() {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withExposedPorts(PORT)
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1));
        container.start();
        String uri = "redis://" + container.getHost() + ':' + container.getMappedPort(PORT);
        return reported(IMAGE + " in Docker", new RedisServer(uri, container::stop));
    }

    @SuppressWarnings("resource") // closed with the server
    private static RedisServer embedded() {
        RedisProcess process = RedisProcess.start();
        return reported("the embedded binary", new RedisServer(process.uri(), process::close));
    }

    @SuppressWarnings("SystemOut")
    private static RedisServer reported(String which, RedisServer server) {
        System.out.println("Redis tests run on " + which + ", version " + server.version());
        return server;
    }

    /**
     * Whether a Docker engine answers. Asks its socket, because Testcontainers takes long, and many words, to say no.
     */
    private static boolean dockerRuns() {
        boolean answers = System.getenv("DOCKER_HOST") != null
                || Stream.of("/var/run/docker.sock", System.getProperty("user.home") + "/.docker/run/docker.sock")
                        .map(Path::of)
                        .anyMatch(RedisServer::answers);
        return answers && DockerClientFactory.instance().isDockerAvailable();
    }

    private static boolean answers(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(
                    ByteBuffer.wrap("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return channel.read(ByteBuffer.allocate(1)) == 1;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private String version() {
        return text.sync()
                .info("server")
                .lines()
                .filter(line -> line.startsWith("redis_version:"))
                .map(line -> line.substring(line.indexOf(':') + 1))
                .findFirst()
                .orElse("unknown");
    }

    String uri() {
        return uri;
    }

    int port() {
        return RedisURI.create(uri).getPort();
    }

    String host() {
        return RedisURI.create(uri).getHost();
    }

    /** A cache name that nobody has used on this server. */
    static String name() {
        return "it-" + RUN + '-' + NAMES.incrementAndGet();
    }

    /** What others, with {@code redis-cli}, could do. */
    RedisCommands<String, String> foreigner() {
        return text.sync();
    }

    /** The same, byte for byte. */
    RedisCommands<byte[], byte[]> foreignerOfBytes() {
        return bytes.sync();
    }

    /** The bytes under a key, one character for each, or null. */
    @Nullable
    String entry(String key) {
        byte[] entry = bytes.sync().get(key.getBytes(StandardCharsets.UTF_8));
        return entry == null ? null : new String(entry, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        stop.run();
    }
}
