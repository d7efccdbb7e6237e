package dev.reactivecache.model;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JsePlatform;

/** Runs Lua scripts as Redis does, on a {@link ModelRedis}. Each thread has one, since making one takes long. */
public final class LuaEngine {
    private static final ThreadLocal<LuaEngine> OWN = ThreadLocal.withInitial(LuaEngine::new);

    private final Globals globals = JsePlatform.standardGlobals();
    private final Map<String, LuaValue> compiled = new HashMap<>();
    private @Nullable ModelRedis redis;

    private LuaEngine() {
        LuaTable commands = new LuaTable();
        commands.set("call", new Command(false));
        commands.set("pcall", new Command(true));
        globals.set("redis", commands);
        globals.set("struct", StructLibrary.create());
        globals.set("unpack", globals.get("table").get("unpack")); // where Lua 5.1 has it
        globals.get("string").set("format", new Format()); // LuaJ's own passes over width and precision
    }

    /**
     * Runs a script.
     *
     * @return a {@code Long}, a byte string, or null
     */
    public static @Nullable Object run(ModelRedis redis, String script, List<String> keys, List<String> args) {
        return OWN.get().eval(redis, script, keys, args);
    }

    private @Nullable Object eval(ModelRedis on, String script, List<String> keys, List<String> args) {
        redis = on;
        globals.set("KEYS", table(keys));
        globals.set("ARGV", table(args));
        try {
            return reply(compiled.computeIfAbsent(script, text -> globals.load(text, "script"))
                    .call());
        } finally {
            redis = null;
        }
    }

    private static @Nullable Object reply(LuaValue value) {
        if (value.isstring() && !(value instanceof LuaString)) {
            return value.tolong();
        }
        return value instanceof LuaString string ? text(string) : null;
    }

    private static LuaTable table(List<String> texts) {
        LuaTable table = new LuaTable();
        for (int i = 0; i < texts.size(); i++) {
            table.set(i + 1, string(texts.get(i)));
        }
        return table;
    }

    private static LuaString string(String bytes) {
        return LuaString.valueOf(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(LuaValue value) {
        LuaString string = value.checkstring();
        return new String(string.m_bytes, string.m_offset, string.m_length, StandardCharsets.ISO_8859_1);
    }

    /** {@code redis.call} and {@code redis.pcall}. */
    private final class Command extends VarArgFunction {
        private final boolean caught;

        Command(boolean caught) {
            this.caught = caught;
        }

        @Override
        public Varargs invoke(Varargs args) {
            String name = text(args.arg1());
            String[] given = new String[args.narg() - 1];
            for (int i = 0; i < given.length; i++) {
                given[i] = text(args.arg(i + 2));
            }
            try {
                return value(command(name, given));
            } catch (IllegalArgumentException e) {
                if (!caught) {
                    throw new LuaError(e);
                }
                LuaTable error = new LuaTable();
                error.set("err", String.valueOf(e.getMessage()));
                return error;
            }
        }

        private LuaValue value(@Nullable Object reply) {
            if (reply instanceof Long number) {
                return LuaValue.valueOf(number.doubleValue());
            }
            if (reply instanceof List<?> list) {
                return table(list.stream().map(String::valueOf).toList());
            }
            return reply == null ? LuaValue.FALSE : string((String) reply);
        }

        private @Nullable Object command(String name, String[] args) {
            ModelRedis on = redis;
            if (on == null) {
                throw new IllegalStateException("no script is running");
            }
            return switch (name) {
                case "GET" -> on.get(args[0]);
                case "GETRANGE" -> on.getrange(args[0], Long.parseLong(args[1]), Long.parseLong(args[2]));
                case "STRLEN" -> (long) on.getrange(args[0], 0, -1).length();
                case "SETRANGE" -> on.setrange(args[0], Integer.parseInt(args[1]), args[2]);
                case "DEL" -> on.del(args[0]) ? 1L : 0L;
                case "PEXPIRE" -> on.pexpire(args[0], Long.parseLong(args[1])) ? 1L : 0L;
                case "PTTL" -> on.pttl(args[0]);
                case "ZADD" -> on.zadd(args[0], Double.parseDouble(args[1]), args[2]);
                case "ZSCORE" -> on.zscore(args[0], args[1]);
                case "ZCARD" -> on.zcard(args[0]);
                case "ZREM" -> on.zrem(args[0], args[1]);
                case "ZREMRANGEBYSCORE" -> on.zremrange(args[0], score(args[1]), score(args[2]), "zremrangebyscore");
                case "ZRANGEBYSCORE" -> range(on, args);
                case "PUBLISH" -> on.publish(args[0], args[1]);
                case "TIME" -> on.time();
                default -> throw new IllegalArgumentException("the model has no command " + name);
            };
        }
    }

    /** With {@code WITHSCORES LIMIT offset count} after the range, or nothing. */
    private static List<String> range(ModelRedis on, String[] args) {
        List<String> members = on.zrange(args[0], score(args[1]), score(args[2]));
        if (args.length == 3) {
            return members;
        }
        if (args.length != 7 || !args[3].equals("WITHSCORES") || !args[4].equals("LIMIT")) {
            throw new IllegalArgumentException("the model does not know " + String.join(" ", args));
        }
        return members.stream()
                .skip(Long.parseLong(args[5]))
                .limit(Long.parseLong(args[6]))
                .flatMap(member -> Stream.of(member, String.valueOf(on.zscore(args[0], member))))
                .toList();
    }

    private static double score(String text) {
        return switch (text) {
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "+inf" -> Double.POSITIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** {@code string.format}, as far as numbers with width and precision go. */
    private static final class Format extends VarArgFunction {
        @Override
        public Varargs invoke(Varargs args) {
            Object[] given = new Object[args.narg() - 1];
            boolean whole = args.arg1().tojstring().endsWith("x");
            for (int i = 0; i < given.length; i++) {
                LuaValue value = args.arg(i + 2);
                Object number = whole ? (Object) value.tolong() : (Object) value.todouble();
                given[i] = value instanceof LuaString ? value.tojstring() : number;
            }
            return LuaValue.valueOf(String.format(Locale.ROOT, args.arg1().tojstring(), given));
        }
    }
}
