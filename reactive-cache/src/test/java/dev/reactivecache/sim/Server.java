package dev.reactivecache.sim;

import dev.reactivecache.model.LuaEngine;
import dev.reactivecache.model.ModelRedis;
import dev.reactivecache.redis.SimulatedTier;
import io.lettuce.core.RedisNoScriptException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Redis of a run: does what arrives, at once, and keeps the books for the oracle. */
final class Server {
    private static final Function<byte[], String> DIGESTS = SimulatedTier.digests();

    private final ModelRedis redis;
    private final World world;
    private final ServerLog log;
    private final Map<String, String> scripts = new HashMap<>();
    private int runs = 1;

    Server(World world, ServerLog log) {
        this.world = world;
        this.log = log;
        this.redis = new ModelRedis(() -> World.REDIS_EPOCH_NANOS + world.now(), "Eg$xe", log);
    }

    /** One connection's other end. */
    interface Session extends ModelRedis.Subscriber {}

    ModelRedis redis() {
        return redis;
    }

    /** Runs a script that it knows. */
    @Nullable
    Object evalsha(String digest, List<String> keys, List<String> args) {
        String source = scripts.get(digest);
        if (source == null) {
            throw new RedisNoScriptException("NOSCRIPT No matching script. Please use EVAL.");
        }
        return run(digest, source, keys, args);
    }

    /** Runs a script, and knows it from then on. */
    @Nullable
    Object eval(byte[] source, List<String> keys, List<String> args) {
        String digest = DIGESTS.apply(source);
        scripts.put(digest, new String(source, StandardCharsets.ISO_8859_1));
        return run(digest, scripts.get(digest), keys, args);
    }

    private @Nullable Object run(String digest, String source, List<String> keys, List<String> args) {
        String script = name(digest, redis.peek(keys.get(0)), args);
        log.begins(script, keys.get(0));
        Object reply = LuaEngine.run(redis, source, keys, args);
        log.ends(script, keys.get(0), args, reply, redis.peek(keys.get(0)));
        return reply;
    }

    /** By what it will do: one script gives rights back, and may delete a value with that. */
    private static String name(String digest, @Nullable String before, List<String> args) {
        String script = SimulatedTier.scriptName(digest);
        boolean deletes = script.equals("release") && args.get(5).equals("-");
        return deletes && before != null && before.startsWith("rc2V") ? "remove" : script;
    }

    Map<String, String> config(String setting) {
        return new LinkedHashMap<>(Map.of(setting, redis.notifyFlags()));
    }

    /** What it says of itself. */
    String info() {
        return "redis_version:7.0.15\r\nredis_mode:standalone\r\nrole:master\r\nrun_id:" + runs + "\r\n";
    }

    /** Changes {@code notify-keyspace-events}; by a process, or by a stranger. */
    void notifyFlags(String flags, @Nullable SimProcess by) {
        redis.notifyFlags(flags);
        world.note("redis   notify-keyspace-events is '%s'", flags);
        log.mute(!redis.tellsOf("g$xe"), by);
    }

    /** A replica that hears of nothing from now on; what is returned makes it the master. */
    Runnable replica() {
        Runnable back = redis.snapshot();
        return () -> {
            scripts.clear();
            runs++;
            back.run();
        };
    }

    /** Starts anew: what it knew besides the data is gone. Connections are the caller's to cut. */
    void restart(boolean withData) {
        scripts.clear();
        runs++;
        if (!withData) {
            redis.flush();
        }
    }
}
