package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.redis.KeyLayout.EntryKey;
import dev.reactivecache.redis.KeyLayout.Kind;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Names and bytes that anybody may have put into Redis: what is not ours is passed over, and nothing ever throws. */
class ForeignNamesTest {
    private static final String CACHE = "products.v2";
    private static final String NODE = "00000000000000ab";
    private static final String ID = "0123456789abcdef";
    private static final long NOW = 1_795_397_861_000L;

    private final KeyLayout layout = new KeyLayout("");
    private final KeyLayout prefixed = new KeyLayout("shop:");

    private List<byte[]> validKeys(KeyLayout keys) {
        return List.of(
                keys.entryKey(CACHE, "42"),
                keys.entryKey(CACHE, "100%{x} Gr\u00fc\u00dfe \ud83d\ude42"),
                keys.generationsKey(CACHE),
                keys.endedKey(CACHE, null),
                keys.endedKey(CACHE, "tag:#with:*colons"),
                keys.probeKey(7),
                keys.guardKey(""),
                keys.guardKey(":4711"),
                keys.nodesKey(CACHE),
                keys.fillsChannel("0"),
                keys.receiptsChannel(NODE),
                keys.ticketKey(NODE, ID, CACHE, keys.entryKey(CACHE, "42")),
                "rc::ended:*".getBytes(UTF_8),
                "rc::ticket:".getBytes(UTF_8));
    }

    private byte[] anyName(Draw draw, KeyLayout keys) {
        byte[] valid = draw.oneOf(validKeys(keys));
        return switch (draw.between(0, 5)) {
            case 0 -> valid;
            case 1 -> draw.bytes(200);
            case 2 ->
                (draw.oneOf("rc:", "rc::", "rc::ended:", "rc::generations:", "rc::ticket:", "shop:rc:")
                                + draw.text(":#*{}%7B\u00e9a0", 60))
                        .getBytes(UTF_8);
            case 3 -> Arrays.copyOf(valid, draw.between(0, valid.length));
            default -> draw.mutated(valid);
        };
    }

    @Test
    void endOfNoCacheIsPassedOver() {
        assertThat(layout.parse("rc::ended:*".getBytes(UTF_8))).isNull();
        assertThat(layout.parse("rc::ended:".getBytes(UTF_8))).isNull();
        assertThat(layout.parse("rc::ended:user:".getBytes(UTF_8))).isNull();
    }

    @Fuzzed
    void anyNameIsParsedOrPassedOver() {
        Fuzz.tries(5_000, draw -> {
            KeyLayout keys = draw.coin() ? layout : prefixed;
            byte[] name = anyName(draw, keys);

            keys.isProbe(name);
            EntryKey entry = keys.parse(name);
            if (entry != null) {
                assertThat(keys.isOurs(name)).isTrue();
                assertThat(entry.kind() == Kind.ENTRY && entry.cache().isEmpty())
                        .isFalse();
            }
            ReceiptWord.Ticket ticket = keys.parseTicket(name);
            if (ticket != null) {
                assertThat(entry).isNull();
                assertThat(ticket.asker()).matches("[0-9a-f]{16}");
                assertThat(ticket.id()).matches("[0-9a-f]{16}");
                assertThat(ticket.cache()).isNotEmpty().doesNotContain(":");
            }
        });
    }

    @Fuzzed
    void whatIsOfOnePrefixIsNothingToAnother() {
        Fuzz.tries(2_000, draw -> {
            String one = prefix(draw);
            String other = draw.coin() ? one + prefix(draw) : prefix(draw);
            if (!one.equals(other)) {
                KeyLayout ours = new KeyLayout(one);
                KeyLayout theirs = new KeyLayout(other);

                for (byte[] name : validKeys(theirs).subList(0, 12)) {
                    assertThat(ours.isOurs(name))
                            .as("%s, to one with the prefix '%s'", new String(name, UTF_8), one)
                            .isFalse();
                    assertThat(ours.parse(name)).isNull();
                    assertThat(ours.parseTicket(name)).isNull();
                    assertThat(ours.isProbe(name)).isFalse();
                }
            }
        });
    }

    private static String prefix(Draw draw) {
        String prefix = draw.text("abcr:", 6);
        return prefix.contains("rc:") ? "" : prefix;
    }

    @Fuzzed
    void anyEntryIsReadOrForeign() {
        Fuzz.tries(5_000, draw -> {
            byte[] bytes = ForeignEntriesTest.anyEntry(draw, NOW);
            long serverMillis = draw.oneOf(NOW, 0L, Long.MAX_VALUE, NOW + 1_000_000_000);

            RemoteState state = WireFormat.decode(bytes, serverMillis, draw.coin());

            if (state instanceof RemoteState.Value value) {
                assertThat(value.remaining().servedNanos()).isPositive();
                assertThat(value.stamp()).isNotEqualTo(RemoteState.NO_STAMP);
                assertThat(value.restNanos()).isNotNegative();
                assertThat(value.ageNanos()).isNotNegative();
            } else if (state instanceof RemoteState.Loading loading) {
                assertThat(loading.remainingNanos()).isNotNegative();
            }
            byte[] header = Arrays.copyOf(bytes, Math.min(bytes.length, WireFormat.HEADER));
            WireFormat.isHeldBy(header, draw.anyLong());
            WireFormat.isStamped(header, draw.anyLong());
        });
    }

    @Fuzzed
    void anyReplyAboutGenerationsIsReadOrRefused() {
        Fuzz.tries(5_000, draw -> {
            String valid = "1795397861000000 1795397861000001 0 12";
            String reply = draw.coin()
                    ? new String(draw.mutated(valid.getBytes(US_ASCII)), UTF_8)
                    : draw.text("0123456789 -.e+inf", 40);
            try {
                RedisGenerations.parse(reply, draw.coin() ? List.of() : List.of("red"));
            } catch (RemoteTierException refused) {
                assertThat(refused).hasMessageContaining(reply);
            }
        });
    }

    @Fuzzed
    void anyInfoOfAServerIsRead() {
        Fuzz.tries(5_000, draw -> {
            String valid = "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nrole:master\r\nrun_id:" + ID;
            String info = draw.coin()
                    ? new String(draw.mutated(valid.getBytes(US_ASCII)), UTF_8)
                    : "redis_version:" + draw.text("0123456789.-a", 30);

            ServerInfo read = ServerInfo.parse(info);

            assertThat(read.majorVersion()).isNotNegative();
            read.isReplica();
            read.mayRunAs("cluster");
            NotifyFlags.parse(info).contains(NotifyFlags.NEEDED);
        });
    }

    @Test
    void versionThatIsNoNumberIsTakenForANewOne() {
        for (String version : List.of("255.255.255", "6.2", "valkey-8", "", "99999999999.1")) {
            assertThat(ServerInfo.parse("redis_version:" + version).majorVersion())
                    .isGreaterThanOrEqualTo(6);
        }
        assertThat(ServerInfo.parse("redis_version:5.0.14").majorVersion()).isEqualTo(5);
    }

    @Fuzzed
    void anyRedirectionIsRead() {
        Fuzz.tries(5_000, draw -> {
            byte[] order = draw.oneOf("MOVED 3999 127.0.0.1:6381", "ASK 0 :6381", "MOVED 1 ::1:6379", "ASK 1 ?:0")
                    .getBytes(US_ASCII);

            ClusterView.Target target = ClusterView.Target.of(new String(draw.mutated(order), UTF_8));

            assertThat(target.port()).isBetween(-1, 99_999);
        });
    }

    @Fuzzed
    void noMessageEndsASubscription() {
        Fuzz.tries(2_000, draw -> {
            Heard heard = new Heard();
            FillNotes notes = new FillNotes(layout.fillsChannel("0"), 0xab);
            var connection = new EventConnection(unused(), settings(), notes, heard, heard);

            for (int i = draw.between(1, 4); i > 0; i--) {
                byte[] channel = draw.oneOf(
                        "__keyevent@0__:del".getBytes(US_ASCII),
                        "__keyevent@0__:set".getBytes(US_ASCII),
                        notes.channel(),
                        layout.receiptsChannel(NODE),
                        draw.bytes(30));
                byte[] about = anyName(draw, layout);
                byte[] note = ("V" + NODE + new String(about, UTF_8)).getBytes(UTF_8);
                connection.message(channel, draw.oneOf(about, note, draw.mutated(note)));
            }

            assertThat(heard.losses).isEmpty();
        });
    }

    @Fuzzed
    void noPushEndsTracking() {
        Fuzz.tries(2_000, draw -> {
            Heard heard = new Heard();
            var connection = new TrackingConnection(
                    unused(), settings(), new FillNotes(layout.fillsChannel("0"), 0xab), heard, heard);

            connection.onPushMessage(new Push(draw.listOf(5, () -> ByteBuffer.wrap(anyName(draw, layout)))));
            connection.message(layout.receiptsChannel(NODE), anyName(draw, layout));

            assertThat(heard.losses).isEmpty();
        });
    }

    private RedisSettings settings() {
        return new RedisSettings(
                RedisURI.create("redis://localhost"),
                Deployment.STANDALONE,
                new RedisSettings.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                NotificationSetup.LEAVE,
                ChangeSource.EVENTS,
                layout,
                TimeSource.system(),
                0);
    }

    @SuppressWarnings("unchecked")
    private static StatefulRedisPubSubConnection<byte[], byte[]> unused() {
        Class<?>[] types = {StatefulRedisPubSubConnection.class};
        return (StatefulRedisPubSubConnection<byte[], byte[]>)
                Proxy.newProxyInstance(ForeignNamesTest.class.getClassLoader(), types, (self, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    /** The names of keys that have changed, as Lettuce hands it over. */
    private record Push(List<ByteBuffer> keys) implements PushMessage {
        @Override
        public String getType() {
            return "invalidate";
        }

        @Override
        public List<Object> getContent() {
            return getContent(key -> key);
        }

        @Override
        public List<Object> getContent(Function<ByteBuffer, Object> decoded) {
            return List.of(
                    getType(),
                    keys.stream().map(key -> decoded.apply(key.duplicate())).toList());
        }
    }

    /** What a connection makes of it all. */
    private static final class Heard implements ChangeConnection.Owner, ChangeListener {
        private final List<String> losses = new ArrayList<>();

        @Override
        public void onLost(ChangeConnection source, String reason) {
            losses.add(reason);
        }

        @Override
        public void onSubscribed(ChangeConnection source) {}

        @Override
        public void onFlushed(ChangeConnection source) {}

        @Override
        public void onAlive(ChangeConnection source, long sentAtNanos) {}

        @Override
        public void onProved(ChangeConnection source, long sentAtNanos) {}

        @Override
        public void onChange(EntryKey entry, Change change) {}

        @Override
        public void onEcho(EntryKey entry, OwnFills.OwnFill fill) {}

        @Override
        public void onLoadEnd(EntryKey entry) {}

        @Override
        public void onReceipt(ReceiptWord word) {}
    }
}
