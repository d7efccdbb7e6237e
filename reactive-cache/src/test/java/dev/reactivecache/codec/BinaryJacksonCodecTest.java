package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/** Mappers of binary formats do what those of JSON do. */
class BinaryJacksonCodecTest {
    record Sale(String product, long amount, Instant at, LocalDate day) {}

    record Nothing(@JsonValue @Nullable String text) {}

    private static final Sale SALE =
            new Sale("bolt", 42, Instant.parse("2026-01-02T03:04:05Z"), LocalDate.parse("2026-01-02"));

    static Stream<ObjectMapper> mappers() {
        return Stream.of(new CBORMapper(), new SmileMapper());
    }

    @ParameterizedTest
    @MethodSource("mappers")
    void recordsListsAndTimesComeBack(ObjectMapper mapper) {
        JacksonCodec<List<Sale>> codec = JacksonCodec.of(new TypeReference<List<Sale>>() {}, mapper);
        ByteBuffer offHeap = ByteBuffer.allocateDirect(1_000);

        byte[] payload = codec.encode(List.of(SALE, SALE));

        assertThat(codec.decode(ByteBuffer.wrap(payload))).containsExactly(SALE, SALE);
        assertThat(codec.decode(offHeap.put(payload).flip())).containsExactly(SALE, SALE);
        assertThat(payload)
                .hasSizeLessThan(
                        JacksonCodec.of(new TypeReference<List<Sale>>() {}).encode(List.of(SALE, SALE)).length);
    }

    @ParameterizedTest
    @MethodSource("mappers")
    void bytesOfAnotherFormatAreRefused(ObjectMapper mapper) {
        byte[] json = JacksonCodec.of(Sale.class).encode(SALE);
        byte[] binary = JacksonCodec.of(Sale.class, mapper).encode(SALE);

        assertThatThrownBy(() -> JacksonCodec.of(Sale.class, mapper).decode(ByteBuffer.wrap(json)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(mapper.tokenStreamFactory().getFormatName());
        assertThatThrownBy(() -> JacksonCodec.of(Sale.class).decode(ByteBuffer.wrap(binary)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("JSON");
    }

    @ParameterizedTest
    @MethodSource("mappers")
    void whatIsWrittenAsNullIsNoValue(ObjectMapper mapper) {
        JacksonCodec<Nothing> codec = JacksonCodec.of(Nothing.class, mapper);

        assertThatThrownBy(() -> codec.encode(new Nothing(null)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("null, which is no value");
    }
}
