package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/** Whatever bytes stand in Redis, a codec makes a value of them or throws {@link CodecException}, in little memory. */
class HostileBytesTest {
    record Sale(String product, long amount, Instant at, List<String> tags, Map<String, Object> more, byte[] picture) {}

    private static final List<ObjectMapper> MAPPERS =
            List.of(JsonMapper.builder().build(), new CBORMapper(), new SmileMapper());
    private static final JavaType SALES = MAPPERS.get(0).constructType(new TypeReference<List<Sale>>() {}.getType());

    /** Buffers and the texts of exceptions; what a parser allocates for a byte. */
    private static final long SOME_BYTES = 2_000_000;

    private static final long BYTES_FOR_A_BYTE = 200;

    @Fuzzed
    void brokenBytesOfAListOfRecords() {
        List<JacksonCodec<Object>> codecs = MAPPERS.stream()
                .map(mapper -> JacksonCodec.<Object>of(SALES, mapper))
                .toList();
        Fuzz.tries(2_500, draw -> {
            JacksonCodec<Object> codec = draw.oneOf(codecs);

            decodes(codec, draw.oneIn(4) ? draw.bytes(60) : draw.mutated(codec.encode(sales(draw))));
        });
    }

    /** The type that the bytes are read as is not the one they were written as, either. */
    @Fuzzed
    void bytesOfValuesOfAllKinds() {
        Fuzz.tries(800, draw -> {
            ObjectMapper mapper = draw.oneOf(MAPPERS);
            DrawnValue written = DrawnValue.of(draw);
            DrawnValue read = draw.coin() ? written : DrawnValue.of(draw);

            byte[] bytes = JacksonCodec.<Object>of(written.type(), mapper).encode(written.value());

            decodes(JacksonCodec.of(read.type(), mapper), draw.oneIn(3) ? bytes : draw.mutated(bytes));
        });
    }

    @Fuzzed
    void brokenBytesOfCompressedValues() {
        ValueCodec<byte[]> compressed = ValueCodec.ofBytes().limited(200_000).compressed(10);
        Fuzz.tries(2_500, draw -> {
            byte[] valid = compressed.encode(new byte[draw.between(0, 200_000)]);
            byte[] bytes = draw.oneIn(4) ? draw.bytes(60) : draw.mutated(valid);

            decodes(compressed, bytes);
        });
    }

    @Fuzzed
    void brokenBytesOfText() {
        Fuzz.tries(
                10_000,
                draw -> decodes(
                        ValueCodec.ofString(),
                        draw.mutated(ValueCodec.ofString().encode(draw.anyText(20)))));
    }

    private static void decodes(ValueCodec<?> codec, byte[] bytes) {
        long most = SOME_BYTES + BYTES_FOR_A_BYTE * bytes.length;
        long allocated = allocatedToDecode(codec, bytes);
        if (allocated > most) { // by the classes that were loaded, if it is not so again
            allocated = allocatedToDecode(codec, bytes);
        }
        assertThat(allocated).as("bytes allocated for %d", bytes.length).isLessThan(most);
    }

    private static long allocatedToDecode(ValueCodec<?> codec, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long before = allocated();
        try {
            assertThat(codec.decode(buffer)).isNotNull();
        } catch (CodecException refused) {
            assertThat(refused.getMessage()).as("the message").hasSizeLessThan(1_000 + 4 * bytes.length);
        }
        long allocated = allocated() - before;
        assertThat(buffer.remaining()).as("what the caller has left").isEqualTo(bytes.length);
        return allocated;
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static List<Sale> sales(Draw draw) {
        return draw.listOf(
                3,
                () -> new Sale(
                        draw.anyText(10),
                        draw.anyLong(),
                        Instant.ofEpochSecond(draw.between(0, 2_000_000_000)),
                        draw.listOf(3, () -> draw.anyText(5)),
                        Map.of(draw.anyText(5), draw.oneOf(1.5, 7, "x", List.of(true))),
                        draw.bytes(20)));
    }
}
