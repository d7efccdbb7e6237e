package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import dev.reactivecache.model.LuaEngine;
import dev.reactivecache.model.ModelRedis;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of layout 1 and of layout 2 on one key, as in a rolling deploy: no script fails, none takes the other's entry
 * for one of its own, and what either changes voids what the other was loading. The scripts of layout 1 are those of
 * the commit before the layout changed.
 */
class LayoutsSideBySideTest {
    private static final String KEY = "rc:cache:k";
    private static final String CHANNEL = "notes";
    private static final String NODE = "n".repeat(16);

    private final long[] nanos = {1_795_397_861_000_000_000L};
    private ModelRedis redis = new ModelRedis(() -> nanos[0], "EA", (event, key) -> {});
    private int step;

    /** A right to fill: who has it, and how often the key had been changed when it was granted. */
    private record Right(boolean old, String token, int changes) {}

    private final List<Right> rights = new ArrayList<>();
    private int changes;

    @Fuzzed
    void neitherReadsTheOthersEntriesAndEachHeedsTheOthersChanges() {
        Fuzz.tries(300, draw -> {
            redis = new ModelRedis(() -> nanos[0], "EA", (event, key) -> {});
            rights.clear();
            for (step = 1; step <= 40; step++) {
                perform(draw, draw.coin());
                assertReadByItsOwnVersionAlone();
                nanos[0] += draw.between(0L, 2_000_000_000L);
            }
        });
    }

    private void perform(Draw draw, boolean old) {
        switch (draw.between(0, 5)) {
            case 0, 1 -> lease(old);
            case 2, 3 -> {
                if (!rights.isEmpty()) {
                    fill(draw.oneOf(rights));
                }
            }
            case 4 -> {
                run(old, "invalidate");
                changes++;
                assertThat(redis.peek(KEY)).as("a value after an invalidation").satisfies(this::isNoValue);
            }
            default -> {
                run(old, "begin-write", id(old, step), "3000");
                changes++;
            }
        }
    }

    private void lease(boolean old) {
        String before = redis.peek(KEY);
        String token = id(old, step);
        Object reply = old
                ? run(true, "lease", token, "3000", id(true, 0))
                : run(false, "lease", token, "3000", id(false, 0), "-");
        String answer = (String) Objects.requireNonNull(reply);
        assertThat(answer).as("answer to a node of layout %d", old ? 1 : 2).doesNotStartWith(old ? "rc2" : "rc1");
        if (answer.equals("L")) {
            rights.add(new Right(old, token, changes));
        } else if (!old && before != null && before.startsWith("rc1")) {
            assertThat(answer).as("of an entry of layout 1").isEqualTo("W");
        }
    }

    private void fill(Right right) {
        byte[] payload = ("value " + step).getBytes(StandardCharsets.ISO_8859_1);
        NewValue value = new NewValue(payload, Duration.ofSeconds(20), Windows.NONE, Duration.ZERO, null);
        String stamp = id(right.old(), 1_000_000 + step);
        Object stored = right.old()
                ? run(true, "fill", right.token(), "V", "value " + step, stamp, "20000", "7", "", CHANNEL, NODE)
                : run(
                        false,
                        "fill",
                        Stream.concat(
                                        Stream.concat(
                                                Stream.of(right.token()),
                                                Stream.of(ScriptArguments.stored(value, 1_000_000 + step))
                                                        .map(LayoutsSideBySideTest::latin1)),
                                        Stream.of(CHANNEL, NODE))
                                .toArray(String[]::new));
        if (right.changes() < changes) {
            assertThat(stored).as("fill of what was loaded before a change").isEqualTo(0L);
        }
    }

    private void assertReadByItsOwnVersionAlone() {
        String entry = redis.peek(KEY);
        if (entry != null && entry.startsWith("rc1")) {
            byte[] bytes = entry.getBytes(StandardCharsets.ISO_8859_1);
            assertThat(WireFormat.decode(bytes, nanos[0] / 1_000_000, true)).isInstanceOf(RemoteState.Writing.class);
        }
    }

    private void isNoValue(@Nullable String entry) {
        assertThat(entry == null || entry.charAt(3) == 'W').isTrue();
    }

    private @Nullable Object run(boolean old, String script, String... args) {
        return LuaEngine.run(redis, source(old, script), List.of(KEY), List.of(args));
    }

    private static String source(boolean old, String script) {
        String folder = old ? "/layout-1/" : "";
        return resource(folder + "prelude.lua") + resource(folder + script + ".lua");
    }

    private static String resource(String name) {
        Class<?> at = name.startsWith("/") ? LayoutsSideBySideTest.class : Script.class;
        try (var stream = Objects.requireNonNull(at.getResourceAsStream(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String id(boolean old, long number) {
        return latin1(old ? WireFormat.hex(number) : WireFormat.bytes(number));
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
