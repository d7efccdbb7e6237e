package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Quarantines: what a write leaves, alone and overlapped with. */
class WriteScriptsIT extends ScriptsFixture {
    WriteScriptsIT(RedisServer redis) {
        super(redis);
    }

    @Test
    void nobodyFillsWhileAWriteIsUnderWay() {
        long before = leased();
        long write = begun();

        assertThat(fill(before, "old")).isFalse();
        assertThat(Node.get(region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Writing.class);
        assertThat(Node.get(region.read("k"))).isInstanceOf(RemoteState.Writing.class);
        assertThat(fill(write, "with the write's own token")).isFalse();
        assertThat(bytes()).startsWith("rc2W");
    }

    @Test
    void soleWriteStoresItsValue() {
        fill(leased(), "a much longer value than the one that comes after it");
        end(begun(), "new");

        assertHolds("new");
        assertThat(redis.foreigner().pttl(key)).isBetween(TTL.toMillis() - 10_000, TTL.toMillis());
    }

    @Test
    void overlappingWritesStoreNothing() {
        long first = begun();
        long second = begun();

        end(first, "one");
        assertThat(bytes()).startsWith("rc2W");
        end(second, "two");
        assertAbsent();
    }

    @Test
    void writeThatOverlapsWithOneThatBeganAndEndedWithinItStoresNothing() {
        long outer = begun();
        end(begun(), "inner");

        assertThat(bytes()).startsWith("rc2W");
        end(outer, "outer");
        assertAbsent();
    }

    @Test
    void writeThatAnInvalidationOverlapsWithStoresNothing() {
        long write = begun();
        Node.get(region.invalidate("k"));

        assertThat(bytes()).startsWith("rc2W");
        end(write, "perhaps older");
        assertAbsent();
    }

    @Test
    void writeThatAPutOverlapsWithStoresNothingAndNeitherDoesThePut() {
        long write = begun();
        Node.get(region.put("k", value("put")));

        assertThat(bytes()).startsWith("rc2W");
        end(write, "perhaps older");
        assertAbsent();
    }

    @Test
    void writeWhoseQuarantineHasRunOutStoresNothing() {
        long write = begun(Duration.ofMillis(20));
        Await.until("it has run out", () -> bytes() == null);

        end(write, "late");
        assertAbsent();
    }

    @Test
    void writeWhoseQuarantineHasRunOutRemovesWhatWasFilledSince() {
        long write = begun(Duration.ofMillis(20));
        Await.until("it has run out", () -> bytes() == null);
        fill(leased(), "read before the late commit");

        end(write, "late");
        assertAbsent();
    }

    @Test
    void writeWhoseQuarantineWasLostStoresNothing() { // evicted, flushed, deleted by hand
        long write = begun();
        redis.foreigner().del(key);
        fill(leased(), "read before the commit");

        end(write, "new");
        assertAbsent();
    }

    @Test
    void quarantineThatHasRunOutDoesNotHideOneThatHasNot() {
        long brief = begun(Duration.ofMillis(20));
        long lasting = begun();
        Await.until("the one has run out", () -> {
            Node.get(region.invalidate("k"));
            return bytes().length() == WireFormat.HEADER + EntryText.WRITER;
        });

        assertThat(Node.get(region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Writing.class);
        end(brief, "late");
        assertThat(bytes()).startsWith("rc2W");
        end(lasting, "new");
        assertAbsent();
    }

    @Test
    void writeThatStoresNothingLeavesTheKeyAbsent() {
        long write = begun();
        Node.get(region.endWrite("k", write, null));

        assertAbsent();
        assertThat(fill(leased(), "v")).isTrue();
    }

    @Test
    void putThatComesAfterItsSenderHasGivenItUpOnlyInvalidates() {
        Node.get(region.put("k", value("older")));
        byte[][] late = ScriptArguments.all(
                ScriptArguments.stored(value("late"), Tokens.next()), new byte[][] {ScriptArguments.decimal(1)});

        redis.foreignerOfBytes().eval(Script.PUT.source(), ScriptOutputType.INTEGER, new byte[][] {bytesOf(key)}, late);

        assertAbsent();
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void putReplacesAValueOfAnyLengthAndItsTtl() {
        Node.get(region.put("k", value("a longer value")));
        Node.get(region.put(
                "k", new NewValue("short".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(5), Duration.ZERO)));

        assertHolds("short");
        assertThat(redis.foreigner().pttl(key)).isBetween(1L, 5_000L);
    }
}
