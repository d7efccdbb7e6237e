package dev.reactivecache.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.remote.RemoteHealth;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What an operator sees of values that are written, but cannot be read back. */
class UnreadableTypesTest {
    private static final String PROBLEM =
            "values of java.lang.Integer can be written, but not read back (IllegalStateException), and stay in memory"
                    + " alone";

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeTier tier = new FakeServer(timer).connect();
    private final ReactiveCache<String, Number> cache = ReactiveCache.<String, Number>builder("unreadable")
            .key(KeyCodec.ofString())
            .value(new PositiveLongs())
            .timer(timer)
            .remote(tier)
            .build();

    /** Writes every number, and reads positive ones of more than 100. */
    private static final class PositiveLongs implements ValueCodec<Number> {
        @Override
        public byte[] encode(Number value) {
            return ByteBuffer.allocate(8).putLong(value.longValue()).array();
        }

        @Override
        public Number decode(ByteBuffer payload) {
            long value = payload.getLong();
            if (value <= 100) {
                throw new IllegalStateException("of " + value);
            }
            return value;
        }
    }

    private void load(String key, Number value) {
        assertThat(cache.getOrFetch(key, Mono.just(value)).block()).isEqualTo(value);
    }

    @Test
    void aClassThatCannotBeReadBackIsAProblemAndItsContentIsNotShown() {
        load("a", 7);

        assertThat(cache.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(cache.health().remote()).isEqualTo(new RemoteHealth(true, true, null, PROBLEM));
    }

    @Test
    void aClassWhoseNextValueCanBeReadIsAProblemNoMoreUntilAnotherCannot() {
        load("a", 7);

        load("b", 700);
        assertThat(cache.health().status()).isEqualTo(Status.UP);
        load("c", 8);
        assertThat(cache.health().remote().problem()).isEqualTo(PROBLEM);
    }

    @Test
    void severalClassesAreCountedAndTheTiersOwnProblemStands() {
        tier.health(new RemoteHealth(true, true, null, "full"));
        load("a", 7);
        load("b", (short) 7);

        assertThat(cache.health().remote().problem())
                .isEqualTo("full; values of java.lang.Integer, and of other classes (1), can be written, but not read"
                        + " back (IllegalStateException), and stay in memory alone");
        assertThat(cache.health().status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void aCacheThatIsDisconnectedOrClosedIsThat() {
        load("a", 7);

        tier.health(new RemoteHealth(false, false, null, "connection refused"));
        assertThat(cache.health().status()).isEqualTo(Status.DISCONNECTED);
        cache.close().block();
        assertThat(cache.health().status()).isEqualTo(Status.CLOSED);
    }

    @Test
    void aPutOfSuchAValueErrorsAndShowsIt() {
        assertThat(cache.put("a", 7).materialize().block().getThrowable()).isInstanceOf(CodecException.class);

        assertThat(cache.health().remote().problem()).isEqualTo(PROBLEM);
    }
}
