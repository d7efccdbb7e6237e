package dev.reactivecache.sim;

import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** A Lettuce client whose connections lead to the model. */
final class ModelClient extends RedisClient {
    private static final SocketAddress ADDRESS = InetSocketAddress.createUnresolved("redis.simulated", 6379);

    private final World world;
    private final Process process;
    private final Uplink uplink;
    private final Server server;
    private final SplittableRandom random;
    private final boolean resends;
    private final Consumer<String> heard;
    private final List<Connection> commandLines = new ArrayList<>();
    private final List<Connection> eventLines = new ArrayList<>();

    /** @param heard called with every message, before its subscribers */
    ModelClient(
            World world,
            Process process,
            Uplink uplink,
            Server server,
            SplittableRandom random,
            boolean resends,
            Consumer<String> heard) {
        super(noResources(), new RedisURI());
        this.world = world;
        this.process = process;
        this.uplink = uplink;
        this.server = server;
        this.random = random;
        this.resends = resends;
        this.heard = heard;
    }

    private static ClientResources noResources() {
        return (ClientResources) Proxy.newProxyInstance(
                ModelClient.class.getClassLoader(),
                new Class<?>[] {ClientResources.class},
                (proxy, method, args) ->
                        method.getName().equals("eventExecutorGroup") ? ImmediateEventExecutor.INSTANCE : null);
    }

    /** Its connections for commands that are in use. */
    List<Connection> commandLines() {
        commandLines.removeIf(Connection::isClosed);
        return commandLines;
    }

    /** Its connections for subscriptions that are in use. */
    List<Connection> eventLines() {
        eventLines.removeIf(Connection::isClosed);
        return eventLines;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> ConnectionFuture<StatefulRedisConnection<K, V>> connectAsync(RedisCodec<K, V> codec, RedisURI uri) {
        return connected(false, line -> commandLines.add(line), line ->
                (StatefulRedisConnection<K, V>) LettuceProxies.connection(StatefulRedisConnection.class, line, server));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> ConnectionFuture<StatefulRedisPubSubConnection<K, V>> connectPubSubAsync(
            RedisCodec<K, V> codec, RedisURI uri) {
        return connected(true, line -> eventLines.add(line), line -> (StatefulRedisPubSubConnection<K, V>)
                LettuceProxies.connection(StatefulRedisPubSubConnection.class, line, server));
    }

    private <C> ConnectionFuture<C> connected(
            boolean events, Consumer<Connection> added, Function<Connection, C> facade) {
        CompletableFuture<C> future = new CompletableFuture<>();
        world.after(
                2 * uplink.delay(events, random),
                () -> process.enter(() -> {
                    if (uplink.refuses()) {
                        future.completeExceptionally(new RedisConnectionException("Unable to connect"));
                        return;
                    }
                    Connection line =
                            new Connection(world, process, uplink, server, events, random.split(), resends, heard);
                    added.accept(line);
                    future.complete(facade.apply(line));
                }));
        return ConnectionFuture.from(ADDRESS, future);
    }
}
