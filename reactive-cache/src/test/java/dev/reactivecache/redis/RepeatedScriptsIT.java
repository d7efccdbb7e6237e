package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Each script twice is as safe as once; and what does not depend on the state of an entry. */
class RepeatedScriptsIT extends ScriptsFixture {
    RepeatedScriptsIT(RedisServer redis) {
        super(redis);
    }

    private <T> T twice(Script script, byte[]... args) {
        Stream.of(1, 2).forEach(time -> run(script, args));
        return null;
    }

    private Object run(Script script, byte[]... args) {
        byte[][] keys = {key.getBytes(StandardCharsets.UTF_8)};
        return redis.foreignerOfBytes().eval(script.source(), ScriptOutputType.INTEGER, keys, args);
    }

    private static byte[] text(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[][] stored(long token, String text, long stamp) {
        return ScriptArguments.all(
                new byte[][] {WireFormat.bytes(token)},
                ScriptArguments.stored(value(text), stamp),
                new byte[][] {text("a channel"), text("a node")});
    }

    @Test
    void fillThatIsSentTwiceIsStoredOnceAndAnsweredTwice() {
        byte[][] args = stored(leased(), "v", Tokens.next());

        assertThat(announcedBy(() -> {
                    assertThat(run(Script.FILL, args)).isEqualTo(1L);
                    assertThat(run(Script.FILL, args)).isEqualTo(1L);
                }))
                .containsExactly("del");
        assertHolds("v");
    }

    @Test
    void fillThatIsSentAgainAfterAnInvalidationIsRefused() {
        byte[][] args = stored(leased(), "v", Tokens.next());
        run(Script.FILL, args);
        Node.get(region.invalidate("k"));

        assertThat(run(Script.FILL, args)).isEqualTo(0L);
        leased();
        assertThat(run(Script.FILL, args)).isEqualTo(0L);
    }

    @Test
    void endOfAWriteThatIsSentTwiceStoresOnce() {
        long token = begun();
        byte[][] args = stored(token, "v", Tokens.next());

        assertThat(run(Script.END_WRITE, args)).isEqualTo(2L);
        assertThat(run(Script.END_WRITE, args)).isEqualTo(2L);
        assertHolds("v");
    }

    @Test
    void endOfAWriteThatIsSentAgainAfterAnInvalidationStoresNothing() {
        long token = begun();
        byte[][] args = stored(token, "v", Tokens.next());
        run(Script.END_WRITE, args);
        Node.get(region.invalidate("k"));

        assertThat(run(Script.END_WRITE, args)).isEqualTo(0L);
        assertAbsent();
    }

    @Test
    void endOfAWriteThatIsSentAgainAfterANewerWriteNeverBringsTheOlderValueBack() {
        byte[][] args = stored(begun(), "older", Tokens.next());
        run(Script.END_WRITE, args);
        end(begun(), "newer");

        assertThat(run(Script.END_WRITE, args)).isEqualTo(0L);
        assertAbsent();
    }

    @Test
    void beginningOfAWriteThatIsSentTwiceIsOneWriter() {
        long token = Tokens.next();
        twice(Script.BEGIN_WRITE, WireFormat.bytes(token), text(30_000));

        assertThat(bytes()).hasSize(WireFormat.HEADER + EntryText.WRITER);
        end(token, "v");
        assertHolds("v");
    }

    @Test
    void beginningThatIsSentAgainAmongOthersKeepsThem() {
        long first = Tokens.next();
        run(Script.BEGIN_WRITE, WireFormat.bytes(first), text(30_000));
        long second = begun();
        run(Script.BEGIN_WRITE, WireFormat.bytes(first), text(30_000));

        assertThat(bytes()).hasSize(WireFormat.HEADER + 2 * EntryText.WRITER);
        end(second, "two");
        end(first, "one");
        assertAbsent();
    }

    @Test
    void leaseThatIsAskedForTwiceIsOneRight() {
        long token = leased();
        assertThat(Node.get(region.lease("k", token, LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Leased.class);
        assertThat(fill(token, "v")).isTrue();
    }

    @Test
    void putThatIsSentTwiceIsAnnouncedOnce() {
        byte[][] args = ScriptArguments.all(
                ScriptArguments.stored(value("v"), Tokens.next()), new byte[][] {text(Long.MAX_VALUE)});

        assertThat(announcedBy(() -> {
                    run(Script.PUT, args);
                    run(Script.PUT, args);
                }))
                .containsExactly("del");
        assertHolds("v");
    }

    @Test
    void releaseAndInvalidationMayBeSentTwice() {
        twice(
                Script.RELEASE,
                WireFormat.bytes(leased()),
                text("a channel"),
                text("a node"),
                text(0),
                text(0),
                text(""));
        assertAbsent();
        fill(leased(), "v");
        twice(Script.INVALIDATE);
        assertAbsent();
    }

    @ParameterizedTest
    @EnumSource
    void serverThatHasForgottenAScriptIsSentItsText(Script script) {
        redis.foreigner().scriptFlush();

        Mono<?> use = switch (script) {
            case LEASE -> region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP);
            case RENEW -> region.renew("k", Tokens.next(), LEASE);
            case FILL -> region.fill("k", Tokens.next(), value("v"));
            case EXTEND -> region.extend("k", Tokens.next(), Tokens.next(), TTL, Windows.NONE, Duration.ZERO);
            case RELEASE -> region.release("k", Tokens.next());
            case INVALIDATE -> region.invalidate("k");
            case BEGIN_WRITE -> region.beginWrite("k", Tokens.next(), LEASE);
            case END_WRITE -> region.endWrite("k", Tokens.next(), value("v"));
            case PUT -> region.put("k", value("v"));
            case GENERATION -> region.generation(List.of("t"));
            case END_GENERATION -> region.endGeneration("t");
            case ATTEND, ATTENDANTS ->
                tier.open(name + "-2", new Deaf()).spread("k").next();
            case RIGHTS ->
                Mono.usingWhen(
                        Mono.fromSupplier(() -> RedisTier.connect(redis.uri())), RedisTier::ready, RedisTier::close);
        };

        Node.get(use);
        assertThat(redis.foreigner().scriptExists(script.digest())).containsExactly(true);
    }

    @Test
    void emptyAndLargePayloadsComeBackAsTheyWere() {
        for (String text : List.of("", "x", "\0\r\n{}'\"\\", "é".repeat(500_000))) {
            Node.get(region.put("k", value(text)));

            assertThat(Node.get(region.read("k")))
                    .isInstanceOfSatisfying(
                            RemoteState.Value.class,
                            read -> assertThat(StandardCharsets.UTF_8
                                            .decode(read.payload())
                                            .toString())
                                    .isEqualTo(text));
        }
    }

    @Test
    void remainingLifeIsNeverLongerThanRedisSays() {
        for (int round = 0; round < 50; round++) {
            Node.get(region.put("k", value("v")));

            long before = System.nanoTime();
            RemoteState.Value read = (RemoteState.Value) Node.get(region.read("k"));
            Duration left = Duration.ofMillis(redis.foreigner().pttl(key) + 1);
            Duration since = Duration.ofNanos(System.nanoTime() - before);

            // it counts from when the read was sent, which was after `before`
            assertThat(Duration.ofNanos(read.remaining().freshNanos())).isLessThanOrEqualTo(left.plus(since));
        }
    }
}
