package dev.reactivecache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

class ValueCodecTest {
    record Product(long id, String name, LocalDate since, Instant changed, Optional<String> note) {}

    record Page<T>(List<T> items, int total) {}

    static final class Loop {
        public Loop self() {
            return this;
        }

        public Loop getSelf() {
            return this;
        }
    }

    private static final Product LAMP = new Product(
            7, "lamp \u00e9", LocalDate.of(2026, 2, 28), Instant.parse("2026-11-23T01:02:03Z"), Optional.of("new"));
    private static final JacksonCodec<Product> PRODUCTS = JacksonCodec.of(Product.class);

    @Test
    void recordsDatesAndOptionalsComeBack() {
        assertThat(PRODUCTS.decode(ByteBuffer.wrap(PRODUCTS.encode(LAMP)))).isEqualTo(LAMP);
    }

    @Test
    void genericTypesComeBackWithTheirParameters() {
        JacksonCodec<Page<Product>> byReference = JacksonCodec.of(new TypeReference<Page<Product>>() {});
        JsonMapper mapper = JsonMapper.builder().build();
        JacksonCodec<Map<String, Product>> byJavaType =
                JacksonCodec.of(mapper.getTypeFactory().constructMapType(Map.class, String.class, Product.class));
        Page<Product> page = new Page<>(List.of(LAMP), 1);

        assertThat(byReference.decode(ByteBuffer.wrap(byReference.encode(page))))
                .isEqualTo(page);
        assertThat(byJavaType.decode(ByteBuffer.wrap(byJavaType.encode(Map.of("lamp", LAMP)))))
                .isEqualTo(Map.of("lamp", LAMP));
    }

    @Test
    void whatAnEarlierVersionWroteIsStillRead() throws IOException {
        try (var stream = Objects.requireNonNull(getClass().getResourceAsStream("/wire/product-1.json"))) {
            assertThat(PRODUCTS.decode(ByteBuffer.wrap(stream.readAllBytes()))).isEqualTo(LAMP);
        }
    }

    @Test
    void propertiesThatTheTypeDoesNotHaveArePassedOver() {
        byte[] newer = "{\"id\":1,\"name\":\"n\",\"colour\":\"red\"}".getBytes(UTF_8);

        assertThat(PRODUCTS.decode(ByteBuffer.wrap(newer)).name()).isEqualTo("n");
        JacksonCodec<Product> strict = JacksonCodec.of(
                Product.class,
                JsonMapper.builder()
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build());
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> strict.decode(ByteBuffer.wrap(newer)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{", "[]", "{\"id\":1} {\"id\":2}", "{\"id\":\"x\"}", "\u0000\u0001"})
    void bytesThatAreNotTheTypeCannotBeDecoded(String bytes) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> PRODUCTS.decode(ByteBuffer.wrap(bytes.getBytes(UTF_8))))
                .withMessageContaining("Product");
    }

    @Test
    void onlyTheBuffersRemainderIsRead() {
        byte[] json = PRODUCTS.encode(LAMP);
        ByteBuffer padded = ByteBuffer.allocate(json.length + 20)
                .put(new byte[10])
                .put(json)
                .put(new byte[10]);
        ByteBuffer direct = ByteBuffer.allocateDirect(json.length + 20)
                .put(new byte[10])
                .put(json)
                .put(new byte[10]);

        assertThat(PRODUCTS.decode(padded.position(10).limit(10 + json.length).slice()))
                .isEqualTo(LAMP);
        assertThat(PRODUCTS.decode(direct.position(10).limit(10 + json.length))).isEqualTo(LAMP);
        assertThat(PRODUCTS.decode(padded.asReadOnlyBuffer())).isEqualTo(LAMP);
    }

    @Test
    void noClassNamesAreWritten() {
        assertThat(new String(PRODUCTS.encode(LAMP), UTF_8)).doesNotContain("dev.reactivecache", "@class");
    }

    @Test
    void aMapperWithDefaultTypingIsRefused() {
        JsonMapper typing = JsonMapper.builder()
                .activateDefaultTyping(BasicPolymorphicTypeValidator.builder()
                        .allowIfBaseType(Object.class)
                        .build())
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JacksonCodec.of(Product.class, typing))
                .withMessageContaining("default typing");
    }

    @Test
    void aValueThatCannotBeWrittenIsNamedByItsType() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JacksonCodec.of(Loop.class).encode(new Loop()))
                .withMessageContaining("Loop");
    }

    @Test
    void textIsUtf8AndNothingElse() {
        ValueCodec<String> text = ValueCodec.ofString();

        assertThat(text.decode(ByteBuffer.wrap(text.encode("\u00e9\ud83d\ude00"))))
                .isEqualTo("\u00e9\ud83d\ude00");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> text.encode("\ud83d"));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> text.decode(ByteBuffer.wrap(new byte[] {(byte) 0xc3})));
    }

    @Fuzzed
    void textIsWrittenAsTheStrictEncoderOfTheJdkDoes() {
        Fuzz.tries(10_000, draw -> {
            String text = draw.anyChars(20);

            assertThat(outcome(() -> ValueCodec.ofString().encode(text)))
                    .isEqualTo(outcome(() -> bytes(UTF_8.newEncoder().encode(CharBuffer.wrap(text)))));
        });
    }

    @Fuzzed
    void textIsReadAsTheStrictDecoderOfTheJdkDoes() {
        Fuzz.tries(10_000, draw -> {
            byte[] valid = draw.anyText(10).getBytes(UTF_8);
            byte[] bytes = draw.oneOf(valid, draw.mutated(valid), draw.bytes(5));
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();

            String strict = outcome(
                    () -> UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());

            assertThat(outcome(() -> ValueCodec.ofString().decode(ByteBuffer.wrap(bytes))))
                    .isEqualTo(strict);
            assertThat(outcome(() -> ValueCodec.ofString().decode(direct))).isEqualTo(strict);
        });
    }

    @Fuzzed
    void aSizeThatIsCountedIsThatOfTheEncodedBytes() {
        JacksonCodec<List<String>> lists = JacksonCodec.of(new TypeReference<List<String>>() {});
        Fuzz.tries(2_000, draw -> {
            String text = draw.anyText(20);
            List<String> list = draw.listOf(5, () -> draw.anyText(20));

            assertThat(ValueCodec.ofString().encodedSize(text))
                    .isEqualTo(ValueCodec.ofString().encode(text).length);
            assertThat(ValueCodec.ofBytes().encodedSize(text.getBytes(UTF_8))).isEqualTo(text.getBytes(UTF_8).length);
            assertThat(lists.encodedSize(list)).isEqualTo(lists.encode(list).length);
        });
    }

    /** What a codec makes of it, or that it refuses. */
    private static String outcome(Callable<Object> codec) throws Exception {
        try {
            Object result = codec.call();
            return result instanceof byte[] bytes ? Arrays.toString(bytes) : result.toString();
        } catch (CodecException | CharacterCodingException refused) {
            return "refused";
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void bytesAreCopiedBothWays() {
        ValueCodec<byte[]> bytes = ValueCodec.ofBytes();
        byte[] mine = {1, 2, 3};

        byte[] encoded = bytes.encode(mine);
        byte[] decoded = bytes.decode(ByteBuffer.wrap(encoded));
        mine[0] = 9;

        assertThat(encoded).containsExactly(1, 2, 3);
        assertThat(decoded).containsExactly(1, 2, 3).isNotSameAs(encoded);
    }

    @Test
    void nullIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> PRODUCTS.encode(null)).withMessage("value");
        assertThatNullPointerException()
                .isThrownBy(() -> JacksonCodec.of((Class<Product>) null))
                .withMessage("type");
        assertThatNullPointerException()
                .isThrownBy(() -> JacksonCodec.of(Product.class, null))
                .withMessage("mapper");
    }
}
