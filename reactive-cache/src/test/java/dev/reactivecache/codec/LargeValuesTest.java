package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.FakeServer;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
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
    void aSmallPayloadOfAHugeValueIsRefusedBeforeThereIsMemoryForIt() {
        byte[] bomb = deflated(500_000_000);

        long before = allocated();
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(bomb)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("500000000 bytes");

        assertThat(bomb).hasSizeLessThan(510_000);
        assertThat(allocated() - before).as("bytes allocated").isLessThan(5_000_000); // classes are loaded, too
    }

    @Test
    void aLimitOnTheValueBoundsHowFarItIsInflated() {
        ValueCodec<byte[]> limited = ValueCodec.ofBytes().limited(10_000).compressed(100);

        byte[] larger = deflated(50_000_000);

        long before = allocated();
        assertThatThrownBy(() -> limited.decode(ByteBuffer.wrap(larger)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("50000000 bytes");

        assertThat(allocated() - before).as("bytes allocated").isLessThan(5_000_000); // classes are loaded, too
        assertThat(limited.decode(ByteBuffer.wrap(deflated(10_000)))).hasSize(10_000);
    }

    @Test
    void whatIsTooLargeToBeInflatedAgainIsNotCompressed() {
        ValueCodec<byte[]> bytes = ValueCodec.ofBytes().compressed(100);
        byte[] huge = new byte[64 * 1024 * 1024 + 1];

        byte[] payload = bytes.encode(huge);

        assertThat(payload).hasSize(huge.length + 1);
        assertThat(bytes.decode(ByteBuffer.wrap(payload))).isEqualTo(huge);
    }

    @Test
    void aLengthThatIsNotThatOfTheBytesIsRefused() {
        for (int wrong : new int[] {0, 1, 999, 1_001, 2_000}) {
            byte[] payload = deflated(1_000);
            ByteBuffer.wrap(payload).putInt(1, wrong);

            assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(payload))).isInstanceOf(CodecException.class);
        }
        byte[] longer = Arrays.copyOf(deflated(1_000), deflated(1_000).length + 1);
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(longer)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("go on after their end");
    }

    @Test
    void aLimitBoundsWhatIsReadToo() {
        ValueCodec<String> limited = ValueCodec.ofString().limited(10);

        assertThat(limited.decode(ByteBuffer.wrap(new byte[10]))).hasSize(10);
        assertThatThrownBy(() -> limited.decode(ByteBuffer.wrap(new byte[11])))
                .isInstanceOf(CodecException.class)
                .hasMessage("a payload of 11 bytes is larger than the limit of 10");
    }

    /** What the codec writes of so many zeros. */
    private static byte[] deflated(int zeros) {
        ByteBuffer payload =
                ByteBuffer.allocate(zeros / 900 + 100).put((byte) 1).putInt(zeros);
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] part = new byte[1_000_000];
        for (int left = zeros; left > 0; left -= part.length) {
            deflater.setInput(part, 0, Math.min(part.length, left));
            while (!deflater.needsInput()) {
                deflater.deflate(payload);
            }
        }
        deflater.finish();
        deflater.deflate(payload);
        deflater.end();
        return Arrays.copyOf(payload.array(), payload.position());
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
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
