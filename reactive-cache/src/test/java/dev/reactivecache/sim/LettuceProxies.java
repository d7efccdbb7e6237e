package dev.reactivecache.sim;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.api.reactive.RedisPubSubReactiveCommands;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lettuce's interfaces in front of a {@link Connection}: only what the library uses, everything else throws. */
final class LettuceProxies {
    private LettuceProxies() {}

    @SuppressWarnings("unchecked")
    static <T> T connection(Class<T> type, Connection line, Server server) {
        Object commands = Proxy.newProxyInstance(
                LettuceProxies.class.getClassLoader(),
                new Class<?>[] {RedisReactiveCommands.class, RedisPubSubReactiveCommands.class},
                handler((name, args) -> command(line, server, name, args)));
        Object asked = Proxy.newProxyInstance(
                LettuceProxies.class.getClassLoader(),
                new Class<?>[] {RedisAsyncCommands.class},
                handler((name, args) -> new Answered(read(line, server, name, args))));
        return (T) Proxy.newProxyInstance(
                LettuceProxies.class.getClassLoader(), new Class<?>[] {type}, (self, m, a) -> switch (m.getName()) {
                    case "isOpen" -> line.isOpen();
                    case "reactive" -> commands;
                    case "async" -> asked;
                    case "closeAsync" -> {
                        line.close();
                        yield CompletableFuture.<Void>completedFuture(null);
                    }
                    case "addListener" -> {
                        listen(line, m.getParameterTypes()[0], a[0]);
                        yield null;
                    }
                    default -> ofEveryObject(self, m.getName(), a);
                });
    }

    @SuppressWarnings("unchecked")
    private static void listen(Connection line, Class<?> type, Object listener) {
        if (type == RedisConnectionStateListener.class) {
            line.addListener((RedisConnectionStateListener) listener);
        } else if (type == RedisPubSubListener.class) {
            line.addListener((RedisPubSubListener<byte[], byte[]>) listener);
        } else {
            throw new UnsupportedOperationException("a listener of type " + type);
        }
    }

    private interface Command {
        Object answer(String name, Object[] args);
    }

    /** What is asked for at once, as Lettuce hands it out. */
    private static final class Answered extends CompletableFuture<Object> implements RedisFuture<Object> {
        Answered(Mono<Object> command) {
            command.subscribe(this::complete, this::completeExceptionally, () -> complete(null));
        }

        @Override
        public @Nullable String getError() {
            return null;
        }

        @Override
        public boolean await(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException("nobody waits in the model");
        }
    }

    private static InvocationHandler handler(Command command) {
        return (self, method, args) -> method.getDeclaringClass() == Object.class
                ? ofEveryObject(self, method.getName(), args)
                : command.answer(method.getName(), args == null ? new Object[0] : args);
    }

    private static Object ofEveryObject(Object self, String method, Object @Nullable [] args) {
        return switch (method) {
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == args[0];
            case "toString" -> "simulated";
            default -> throw new UnsupportedOperationException("the model has no " + method);
        };
    }

    private static Object command(Connection line, Server server, String name, Object[] args) {
        return switch (name) {
            case "get" -> read(line, server, name, args);
            case "mget" -> Flux.from(read(line, server, name, args)).flatMapIterable(found -> (List<?>) found);
            case "getrange" ->
                bulk(line, session -> server.redis().getrange(text(args[0]), (Long) args[1], (Long) args[2]));
            case "evalsha" -> script(line, session -> server.evalsha((String) args[0], texts(args[2]), texts(args[3])));
            case "eval" -> script(line, session -> server.eval((byte[]) args[0], texts(args[2]), texts(args[3])));
            case "time" ->
                Flux.from(line.command(session -> server.redis().time()))
                        .flatMapIterable(time -> (List<?>) time)
                        .map(LettuceProxies::bytes);
            case "info" -> line.command(session -> server.info());
            case "set" -> line.command(session -> server.redis().setnx(text(args[0]), text(args[1])) ? "OK" : null);
            case "publish" -> line.command(session -> server.redis().publish(text(args[0]), text(args[1])));
            case "pubsubNumsub" -> line.command(session -> numsub(server, (Object[]) args[0]));
            case "configGet" -> line.command(session -> server.config((String) args[0]));
            case "configSet" -> configSet(line, server, (String) args[1], Current.process());
            case "ping" -> line.command(session -> "PONG");
            case "subscribe" -> line.subscribe(channels((byte[][]) args[0]));
            default -> throw new UnsupportedOperationException("the model has no command " + name);
        };
    }

    private static Mono<Object> configSet(Connection line, Server server, String flags, SimProcess by) {
        return line.command(session -> {
            server.notifyFlags(flags, by);
            return "OK";
        });
    }

    private static Map<Object, Long> numsub(Server server, Object[] channels) {
        Map<Object, Long> counts = new LinkedHashMap<>();
        for (Object channel : channels) {
            counts.put(channel, server.redis().subscribers(text(channel)));
        }
        return counts;
    }

    private static Mono<Object> read(Connection line, Server server, String name, Object[] args) {
        return switch (name) {
            case "get" -> bulk(line, session -> server.redis().get(text(args[0])));
            case "mget" ->
                line.command(session -> Arrays.stream((byte[][]) args[0])
                        .map(each -> KeyValue.fromNullable(each, value(server, each)))
                        .toList());
            default -> throw new UnsupportedOperationException("the model has no command " + name);
        };
    }

    private static byte @Nullable [] value(Server server, byte[] name) {
        String value = server.redis().get(text(name));
        return value == null ? null : Connection.bytes(value);
    }

    private static Mono<Object> bulk(Connection line, Function<Server.Session, @Nullable Object> work) {
        return line.command(work).map(LettuceProxies::bytes);
    }

    private static Flux<Object> script(Connection line, Function<Server.Session, @Nullable Object> work) {
        return Flux.from(line.command(work)).map(LettuceProxies::bytes);
    }

    private static Object bytes(Object reply) {
        return reply instanceof String text ? Connection.bytes(text) : reply;
    }

    private static Set<String> channels(byte[][] names) {
        return Arrays.stream(names).map(LettuceProxies::text).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> texts(Object array) {
        return Arrays.stream((byte[][]) array).map(LettuceProxies::text).toList();
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.ISO_8859_1);
    }
}
