package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.model.LuaEngine;
import dev.reactivecache.model.ModelRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The model that the simulator runs on does what Redis does: the same commands and scripts, in random order, have the
 * same answers, leave the same bytes, and make the same events in the same order. Only times differ, by less than five
 * seconds.
 */
@ExtendWith(RedisServer.Shared.class)
@Timeout(120)
class ModelRedisIT {
    private static final Set<Script> OF_ANOTHER_KEY = Set.of(Script.GENERATION, Script.END_GENERATION, Script.RIGHTS);
    private static final int STEPS = 60;
    private static final List<String> TOKENS = List.of("token  a", "token \0b", "\u00ff\u00fe token");
    private static final List<String> STAMPS = List.of("stamp  1", "stamp  2", "\u00ff\0\u00fe\0\r\n\0\1");
    private static final String SHORT = "4";
    private static final List<String> SPANS = List.of("40000", "50000", SHORT, "60000");
    private static final List<String> WINDOWS = List.of("0", "70000", SHORT);
    private static final List<String> MARKS = List.of("", "g12345678\0\0\0\0\0\0\0\u00c8 tag", "x".repeat(300));
    private static final String NODE = "n".repeat(16);
    private static final List<String> EVENTS =
            List.of("del", "set", "setrange", "expire", "expired", "evicted", "rename_from", "append");

    private final RedisServer redis;
    private final String name = RedisServer.name();
    private final String notes = "notes-" + name;
    private final List<String> keys = List.of("rc:" + name + ":a", "rc:" + name + ":b");
    private final String nodes = "rc::nodes:" + name;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> heardOfModel = new ArrayList<>();
    private RedisClient client;
    private RedisCommands<String, String> commands;
    private StatefulRedisPubSubConnection<String, String> ear;
    private ModelRedis model;
    private Random random;
    private int step;

    ModelRedisIT(RedisServer redis) {
        this.redis = redis;
    }

    @BeforeEach
    void listen() {
        RedisTier tier = RedisTier.builder(redis.uri())
                .notifications(NotificationSetup.ADD_MISSING)
                .connect();
        Node.get(tier.ready());
        Node.get(tier.close());
        client = RedisClient.create(RedisURI.create(redis.uri()));
        commands = client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();
        ear = client.connectPubSub(new StringCodec(StandardCharsets.ISO_8859_1));
        ear.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                if (message.contains(name)) {
                    heard.add(channel + ' ' + message);
                }
            }
        });
        int database = RedisURI.create(redis.uri()).getDatabase();
        String[] channels = Stream.concat(
                        EVENTS.stream().map(event -> "__keyevent@" + database + "__:" + event), Stream.of(notes))
                .toArray(String[]::new);
        ear.sync().subscribe(channels);
        long serverNanos = 1_000_000_000L * Long.parseLong(commands.time().get(0))
                + 1_000L * Long.parseLong(commands.time().get(1));
        long since = System.nanoTime();
        model = new ModelRedis(() -> serverNanos + System.nanoTime() - since, "EA", (event, key) -> {});
        ModelRedis.Subscriber subscriber = (channel, message) ->
                heardOfModel.add(channel.replace("__keyevent@0__", "__keyevent@" + database + "__") + ' ' + message);
        Stream.of(channels)
                .map(channel -> channel.replace("__keyevent@" + database + "__", "__keyevent@0__"))
                .forEach(channel -> model.subscribe(subscriber, channel));
    }

    @AfterEach
    void hangUp() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void modelDoesWhatRedisDoes(long seed) {
        random = new Random(seed);
        for (step = 1; step <= STEPS; step++) {
            heard.clear();
            heardOfModel.clear();
            String key = pick(keys);
            String what = perform(key);
            ear.sync().ping();

            String about = "seed " + seed + ", step " + step + ": " + what + " of " + key;
            assertThat(heardOfModel).as(about).isEqualTo(heard);
            EntryText.assertSame(about, model.peek(key), commands.get(key));
            assertThat((double) model.pttl(key)).as(about).isCloseTo(commands.pttl(key), Offset.offset((double)
                    EntryText.TOLERANCE_MILLIS));
            assertThat(model.zrange(nodes, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))
                    .as(about)
                    .containsExactlyInAnyOrderElementsOf(commands.zrange(nodes, 0, -1));
        }
    }

    /** With room for ten members instead of ten thousand, so that the oldest are cut off now and then. */
    @ParameterizedTest
    @MethodSource("seeds")
    void modelCountsGenerationsAsRedisDoes(long seed) {
        random = new Random(seed);
        String key = "rc::generations:" + name;
        for (int step = 1; step <= STEPS; step++) {
            heard.clear();
            heardOfModel.clear();
            String what = changeGenerations(key, Integer.toString(1_000 + step));
            ear.sync().ping();

            String about = "seed " + seed + ", step " + step + ": " + what;
            assertThat(heardOfModel).as(about).isEqualTo(heard);
            if (commands.type(key).equals("zset")) {
                assertThat(model.zrange(key, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY))
                        .as(about)
                        .isEqualTo(commands.zrange(key, 0, -1));
            } else {
                assertThat(model.peek(key)).as(about).isEqualTo(commands.get(key));
            }
        }
    }

    private String changeGenerations(String key, String incarnation) {
        switch (random.nextInt(20)) {
            case 0 -> {
                commands.del(key);
                model.del(key);
                return "DEL";
            }
            case 1 -> {
                commands.set(key, "not ours");
                model.set(key, "not ours");
                return "SET";
            }
            case 2, 3, 4, 5 -> {
                List<String> args = List.of(incarnation, tag(), tag());
                String source = new String(Script.GENERATION.source(), StandardCharsets.ISO_8859_1);
                String real =
                        commands.eval(source, ScriptOutputType.VALUE, new String[] {key}, args.toArray(String[]::new));
                assertSameNumbers((String) LuaEngine.run(model, source, List.of(key), args), real);
                return "GENERATION " + args + ": " + real;
            }
            default -> {
                List<String> args = List.of(incarnation, random.nextInt(8) == 0 ? "*" : "#" + tag());
                String source = new String(Script.END_GENERATION.source(), StandardCharsets.ISO_8859_1);
                assertThat(source).contains("LIMIT = 10000");
                String little = source.replace("LIMIT = 10000", "LIMIT = 10");
                Object real = commands.eval(
                        little, ScriptOutputType.INTEGER, new String[] {key}, args.toArray(String[]::new));
                assertThat(LuaEngine.run(model, little, List.of(key), args)).isEqualTo(real);
                return "END_GENERATION " + args;
            }
        }
    }

    private String tag() {
        return "t" + random.nextInt(12);
    }

    /** The incarnation, and numbers that are times in microseconds, or zero. */
    private static void assertSameNumbers(String ofModel, String real) {
        String[] ours = ofModel.split(" ", -1);
        String[] theirs = real.split(" ", -1);
        assertThat(ours).hasSameSizeAs(theirs);
        assertThat(ours[0]).isEqualTo(theirs[0]);
        for (int i = 1; i < theirs.length; i++) {
            assertThat(Double.parseDouble(ours[i]))
                    .as("number %d of %s", i, real)
                    .isCloseTo(Double.parseDouble(theirs[i]), Offset.offset(EntryText.TOLERANCE_MILLIS * 1_000.0));
        }
    }

    private String perform(String key) {
        switch (random.nextInt(14)) {
            case 0 -> {
                commands.del(key);
                model.del(key);
                return "DEL";
            }
            case 1 -> {
                String text = random.nextBoolean()
                        ? "not ours"
                        : pick(List.of("rc1", "rc2", "rc2V", "rc2L", "rc2W")) + "x".repeat(120);
                commands.set(key, text);
                model.set(key, text);
                return "SET";
            }
            case 2 -> {
                commands.pexpire(key, 1);
                model.pexpire(key, 1);
                letTimePass(key);
                return "PEXPIRE";
            }
            default -> {
                Script script = pick(Stream.of(Script.values())
                        .filter(each -> !OF_ANOTHER_KEY.contains(each))
                        .toList());
                List<String> args = arguments(script);
                String on = script == Script.ATTEND || script == Script.ATTENDANTS ? nodes : key;
                run(script, on, args);
                if (args.contains(SHORT)) {
                    letTimePass(on);
                }
                return script + " " + args;
            }
        }
    }

    /** What lasts some milliseconds ends on both sides, and both notice. */
    private void letTimePass(String key) {
        long start = System.nanoTime();
        Await.until("it has ended", () -> System.nanoTime() - start > 30_000_000);
        commands.exists(key);
        model.pttl(key);
    }

    private void run(Script script, String key, List<String> args) {
        String source = new String(script.source(), StandardCharsets.ISO_8859_1);
        boolean text = script == Script.LEASE || script == Script.ATTENDANTS;
        ScriptOutputType type = text ? ScriptOutputType.VALUE : ScriptOutputType.INTEGER;
        Object answer = commands.eval(source, type, new String[] {key}, args.toArray(String[]::new));
        Object ofModel = LuaEngine.run(model, source, List.of(key), args);
        EntryText.assertSame(script + " " + args, ofModel, answer);
    }

    private List<String> arguments(Script script) {
        String token = pick(TOKENS);
        String stamp = pick(STAMPS);
        String span = pick(SPANS);
        return switch (script) {
            case LEASE -> List.of(token, span, stamp, pick(List.of("-", "-", "0", "100000")));
            case RENEW, BEGIN_WRITE -> List.of(token, span);
            case FILL -> stored(List.of(token), pick(List.of("V", "A")), stamp, span, notes, NODE);
            case EXTEND -> {
                List<String> args = new ArrayList<>(List.of(token, stamp, span));
                args.addAll(windows());
                args.addAll(List.of("9", notes));
                yield args;
            }
            case RELEASE ->
                List.of(
                        token,
                        notes,
                        NODE,
                        pick(List.of("0", SHORT, "20000")),
                        pick(List.of("5", "50000")),
                        pick(List.of("", "", "-")));
            case INVALIDATE -> List.of();
            case END_WRITE -> stored(List.of(token), pick(List.of("V", "-")), stamp, span);
            case PUT -> stored(List.of(), "V", stamp, span, pick(List.of("0", "9999999999999")));
            case ATTEND -> List.of(pick(List.of(NODE, "m".repeat(16))), pick(List.of("0", "20000", "30000", SHORT)));
            case ATTENDANTS -> List.of();
            case GENERATION, END_GENERATION, RIGHTS -> throw new IllegalArgumentException(script + " is left out");
        };
    }

    /** What is before, the nine that say what is to be stored, and what is after. */
    private List<String> stored(List<String> before, String state, String stamp, String span, String... after) {
        List<String> args = new ArrayList<>(before);
        args.addAll(List.of(state, "value " + step, stamp, span));
        args.addAll(windows());
        args.addAll(List.of(pick(List.of("7", "4294967296")), pick(MARKS)));
        args.addAll(List.of(after));
        return args;
    }

    private List<String> windows() {
        return List.of(pick(WINDOWS), pick(WINDOWS), pick(WINDOWS));
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
