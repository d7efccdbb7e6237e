package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.FakeServer;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Codecs for values that may be large. */
class LargeValuesTest {
    private final ValueCodec<String> codec = ValueCodec.ofString().compressed(100);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 100_000})
    void whatIsCompressedComesBack(int length) {
        String value = "x".repeat(length);

        byte[] payload = codec.encode(value);

        assertThat(codec.decode(ByteBuffer.wrap(payload))).isEqualTo(value);
        assertThat(codec.decode(
                        ByteBuffer.allocateDirect(payload.length).put(payload).flip()))
                .isEqualTo(value);
        assertThat(payload.length).isLessThanOrEqualTo(Math.min(length, 1_000) + 1);
    }

    @Test
    void smallValuesAreLeftAsTheyAre() {
        assertThat(codec.encode("abc")).containsExactly(0, 'a', 'b', 'c');
    }

    @Test
    void bytesOfAnotherCodecAreRefused() {
        for (byte[] foreign :
                new byte[][] {{}, {1}, {2, 3}, {1, 0, 0, 0, 9, 1}, {1, 127, -1, -1, -1, 3, 0}, {1, 0, 0, 0, 5, 3, 0}}) {
            assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(foreign))).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void valueAboveTheLimitIsKeptInMemoryAloneAndCounted() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        FakeServer server = new FakeServer(timer);
        ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("large")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString().limited(10))
                .remote(server.connect())
                .timer(timer)
                .build();

        String value = cache.getOrFetch("k", Mono.just("x".repeat(11))).block();

        assertThat(value).hasSize(11);
        assertThat(server.stored("k")).isNull();
        assertThat(cache.get("k").block()).as("from memory").isEqualTo(value);
        assertThat(cache.stats().unwritable()).isEqualTo(1);
        assertThatThrownBy(() -> cache.put("k", "y".repeat(11)).block())
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("limit of 10");
    }

    @Test
    void badNumbersAreRefused() {
        assertThatThrownBy(() -> ValueCodec.ofString().limited(0)).hasMessage("limit (0) must be above zero");
        assertThatThrownBy(() -> ValueCodec.ofString().compressed(-1))
                .hasMessage("threshold (-1) must be at least 0 bytes");
    }
}
