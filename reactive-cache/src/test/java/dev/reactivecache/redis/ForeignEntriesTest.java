package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import dev.reactivecache.model.LuaEngine;
import dev.reactivecache.model.ModelRedis;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Bytes under our keys that are nothing of ours, or were once, are no trouble to any script. */
class ForeignEntriesTest {
    private static final String KEY = "rc:cache:k";
    private static final long NOW = 1_795_397_861_000L;
    private static final long TOKEN = 0x7465_7374_2074_6f6bL; // which no draw gives
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final String[] NOTES = {"notes", "n".repeat(16)};

    private final ModelRedis redis = new ModelRedis(() -> NOW * 1_000_000, "EA", (event, key) -> {});
    private final List<String> args = new ArrayList<>();

    /** Often much like an entry. */
    static byte[] anyEntry(Draw draw, long nowMillis) {
        byte[] tail = draw.text("0123456789abcdef- g", 60).getBytes(US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocate(WireFormat.HEADER + tail.length)
                .put(("rc2" + draw.oneOf("V", "A", "L", "W") + "0\0").getBytes(US_ASCII))
                .putShort(draw.oneOf((short) 0, (short) 17, (short) 60, (short) -1))
                .putLong(draw.oneOf(0L, draw.anyLong()));
        for (int i = 0; i < 5; i++) {
            long near = nowMillis + draw.between(-100_000, 100_000);
            long time = draw.oneOf(0L, nowMillis, near, near, (1L << 48) - 1);
            buffer.putShort((short) (time >>> 32)).putInt((int) time);
        }
        byte[] entry = buffer.putInt(draw.anyInt())
                .putLong(draw.oneOf(0L, draw.anyLong()))
                .put(tail)
                .array();
        return switch (draw.between(0, 3)) {
            case 0 -> draw.bytes(200);
            case 1 -> entry;
            default -> draw.mutated(entry);
        };
    }

    @Fuzzed
    void anyScriptTakesAnyBytes() {
        Fuzz.tries(3_000, draw -> {
            byte[] bytes = anyEntry(draw, NOW);
            store(bytes);

            run(draw.oneOf(Script.RENEW, Script.EXTEND, Script.FILL, Script.RELEASE), draw);
            assertThat(redis.peek(KEY))
                    .as("none of these has a right to change it")
                    .isEqualTo(bytes.length == 0 ? null : latin1(bytes));

            run(draw.oneOf(Script.LEASE, Script.PUT, Script.BEGIN_WRITE, Script.END_WRITE, Script.INVALIDATE), draw);
            run(draw.oneOf(Script.values()), draw);
        });
    }

    /** What a node makes of the bytes, and what the script does with them, go together. */
    @Fuzzed
    void whatIsNotServedIsLoadedUnlessSomebodyElseLoadsOrWrites() {
        Fuzz.tries(3_000, draw -> {
            byte[] bytes = anyEntry(draw, NOW);
            store(bytes);

            RemoteState read = WireFormat.decode(redis.peek(KEY) == null ? null : bytes, NOW, true);
            byte[] answer = lease();

            if (read instanceof RemoteState.Value) {
                assertThat(answer).as("the value").isEqualTo(bytes);
            } else if (read instanceof RemoteState.Missing) {
                assertThat((char) answer[0]).as("past its end, or nothing").isIn('L', 'O');
            } else if (read instanceof RemoteState.Foreign) {
                assertThat((char) answer[0]).as("foreign").isEqualTo('L');
                assertThat(fill()).as("replaced").isEqualTo(1L);
            }
        });
    }

    private void store(byte[] bytes) {
        redis.flush();
        if (bytes.length > 0) {
            redis.set(KEY, latin1(bytes));
        }
    }

    private byte[] lease() {
        args.clear();
        add(new byte[][] {WireFormat.bytes(TOKEN), ScriptArguments.millis(TTL), WireFormat.bytes(TOKEN)});
        args.add("-");
        return ((String) Objects.requireNonNull(run(Script.LEASE))).getBytes(ISO_8859_1);
    }

    private @Nullable Object fill() {
        args.clear();
        add(new byte[][] {WireFormat.bytes(TOKEN)});
        add(ScriptArguments.stored(new NewValue(new byte[] {'v'}, TTL, TTL), 7));
        args.addAll(List.of(NOTES));
        return run(Script.FILL);
    }

    private void run(Script script, Draw draw) {
        args.clear();
        byte[] token = WireFormat.bytes(TOKEN);
        NewValue value = new NewValue(draw.bytes(20), TTL, new Windows(TTL, TTL, TTL), TTL, null);
        byte[][] stored = ScriptArguments.stored(draw.coin() ? value : null, draw.anyLong());
        switch (script) {
            case LEASE -> {
                lease();
                return;
            }
            case RENEW, BEGIN_WRITE -> add(new byte[][] {token, ScriptArguments.millis(TTL)});
            case FILL -> {
                add(new byte[][] {token}, ScriptArguments.stored(value, draw.anyLong()));
                args.addAll(List.of(NOTES));
            }
            case EXTEND -> {
                add(
                        new byte[][] {token, WireFormat.bytes(draw.anyLong())},
                        ScriptArguments.life(TTL, Windows.NONE),
                        new byte[][] {ScriptArguments.millis(TTL)});
                args.add(NOTES[0]);
            }
            case RELEASE -> {
                add(new byte[][] {token});
                args.addAll(List.of(NOTES));
                args.addAll(List.of("1000", "9000", draw.oneOf("", "-")));
            }
            case END_WRITE -> add(new byte[][] {token}, stored);
            case PUT -> add(ScriptArguments.stored(value, draw.anyLong()), new byte[][] {ScriptArguments.decimal(0)});
            case INVALIDATE -> {}
            case GENERATION, END_GENERATION, ATTEND, ATTENDANTS, RIGHTS -> {
                return; // of other keys
            }
        }
        run(script);
    }

    private void add(byte[][]... parts) {
        Stream.of(ScriptArguments.all(parts)).map(ForeignEntriesTest::latin1).forEach(args::add);
    }

    private @Nullable Object run(Script script) {
        return LuaEngine.run(redis, latin1(script.source()), List.of(KEY), List.copyOf(args));
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
