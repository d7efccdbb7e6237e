package dev.reactivecache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.json.JsonMapper;

class JacksonCodecTest {
    record Account(String ownerName, long balance) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    /** Its own code for reading and writing fails, as a user's may. */
    @JsonSerialize(using = FailingWriter.class)
    @JsonDeserialize(using = FailingReader.class)
    record Fragile(String text) {}

    static final class FailingWriter extends ValueSerializer<Fragile> {
        @Override
        public void serialize(Fragile value, JsonGenerator target, SerializationContext context) {
            throw new IllegalStateException("cannot write " + value.text());
        }
    }

    static final class FailingReader extends ValueDeserializer<Fragile> {
        @Override
        public Fragile deserialize(JsonParser source, DeserializationContext context) {
            throw new IllegalStateException("cannot read");
        }
    }

    record Guarded(String secret) {
        public String getDerived() {
            throw new IllegalStateException("nothing derives from " + secret);
        }
    }

    /** Written as null. */
    static final class Vanishing {
        @JsonValue
        public Object json() {
            return Optional.empty();
        }

        @JsonCreator
        static Vanishing of(String text) {
            return new Vanishing();
        }
    }

    private static final JacksonCodec<Account> ACCOUNTS = JacksonCodec.of(Account.class);

    @Fuzzed
    void valuesComeBackWhateverTheirTextsContain() {
        Fuzz.tries(300, draw -> {
            Account account = new Account(draw.anyChars(20), draw.anyLong());

            assertThat(ACCOUNTS.decode(ByteBuffer.wrap(ACCOUNTS.encode(account))))
                    .isEqualTo(account);
        });
    }

    @Test
    void typesOfASealedFamilyAreToldApartByTheirNames() {
        JacksonCodec<Shape> shapes = JacksonCodec.of(Shape.class);
        byte[] circle = shapes.encode(new Circle(3));

        assertThat(new String(circle, UTF_8)).contains("Circle").doesNotContain("dev.reactivecache");
        assertThat(shapes.decode(ByteBuffer.wrap(circle))).isEqualTo(new Circle(3));
        assertThat(shapes.decode(ByteBuffer.wrap(shapes.encode(new Square(4))))).isEqualTo(new Square(4));
    }

    @Test
    void elementsOfAListAreToldApartToo() {
        JacksonCodec<List<Shape>> shapes = JacksonCodec.of(new TypeReference<List<Shape>>() {});
        List<Shape> both = List.of(new Circle(1), new Square(2));

        assertThat(shapes.decode(ByteBuffer.wrap(shapes.encode(both)))).isEqualTo(both);
    }

    @Test
    void aMapperOfTheUsersDecidesHowValuesAreSpelt() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        JacksonCodec<Account> codec = JacksonCodec.of(Account.class, mapper);
        byte[] json = codec.encode(new Account("ann", 1));

        assertThat(new String(json, UTF_8)).contains("\"owner_name\"");
        assertThat(codec.decode(ByteBuffer.wrap(json))).isEqualTo(new Account("ann", 1));
    }

    @Test
    void whatOlderNodesWroteIsReadWithoutTheNewProperty() {
        ByteBuffer older = ByteBuffer.wrap("{\"balance\":1}".getBytes(UTF_8));

        assertThat(ACCOUNTS.decode(older)).isEqualTo(new Account(null, 1));
    }

    @Test
    void aMapperOfTheUsersMayRefuseWhatLacksAProperty() {
        JsonMapper complete = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .build();
        ByteBuffer older = ByteBuffer.wrap("{\"balance\":1}".getBytes(UTF_8));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JacksonCodec.of(Account.class, complete).decode(older))
                .withMessageContaining("ownerName");
    }

    @Test
    void bytesAfterTheValueAreRefusedThoughTheMapperAllowsThem() {
        JsonMapper lenient = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        ByteBuffer two = ByteBuffer.wrap("{\"ownerName\":\"ann\"} {}".getBytes(UTF_8));

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JacksonCodec.of(Account.class, lenient).decode(two));
    }

    @Test
    void failuresOfAUsersOwnCodeAreCodecExceptions() {
        JacksonCodec<Fragile> codec = JacksonCodec.of(Fragile.class);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new Fragile("secret")))
                .withMessageContaining("Fragile")
                .withMessageNotContaining("secret")
                .withCauseInstanceOf(IllegalStateException.class);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(ByteBuffer.wrap("{}".getBytes(UTF_8))))
                .withMessageContaining("Fragile")
                .withCauseInstanceOf(IllegalStateException.class);
    }

    /** What its own code throws is no exception. */
    @JsonSerialize(using = ErrorWriter.class)
    @JsonDeserialize(using = ErrorReader.class)
    record Fatal(String text) {}

    static final class ErrorWriter extends ValueSerializer<Fatal> {
        @Override
        public void serialize(Fatal value, JsonGenerator target, SerializationContext context) {
            throw new NoClassDefFoundError("gone");
        }
    }

    static final class ErrorReader extends ValueDeserializer<Fatal> {
        @Override
        public Fatal deserialize(JsonParser source, DeserializationContext context) {
            throw new StackOverflowError();
        }
    }

    @Test
    void errorsOfAUsersOwnCodeAreCodecExceptionsToo() {
        JacksonCodec<Fatal> codec = JacksonCodec.of(Fatal.class);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode(new Fatal("t")))
                .withMessageContaining("NoClassDefFoundError");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> codec.encodedSize(new Fatal("t")));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(ByteBuffer.wrap("{}".getBytes(UTF_8))))
                .withMessageContaining("StackOverflowError");
    }

    @Test
    void aMapperThatDoesNotWrapExceptionsChangesNothing() {
        JsonMapper bare = JsonMapper.builder()
                .disable(SerializationFeature.WRAP_EXCEPTIONS)
                .build();

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JacksonCodec.of(Guarded.class, bare).encode(new Guarded("secret")))
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMessageSaysWhereAValueCannotBeWrittenButNotWhatItHolds() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JacksonCodec.of(Guarded.class).encode(new Guarded("hush")))
                .withMessageContaining("Guarded[\"derived\"]")
                .withMessageContaining("IllegalStateException")
                .withMessageNotContaining("hush");
    }

    @Test
    void aValueThatContainsItselfIsRefusedInFewWords() {
        Object[] endless = new Object[1];
        endless[0] = endless;

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JacksonCodec.of(Object[].class).encode(endless))
                .satisfies(refused -> assertThat(refused.getMessage())
                        .contains("nesting depth")
                        .hasSizeLessThan(400));
    }

    @Test
    void aValueThatWouldComeBackAsNullCannotBeWritten() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> JacksonCodec.of(Vanishing.class).encode(new Vanishing()))
                .withMessageContaining("Vanishing")
                .withMessageContaining("null");
    }

    @Test
    void anEmptyOptionalIsAValue() {
        JacksonCodec<Optional<String>> codec = JacksonCodec.of(new TypeReference<Optional<String>>() {});

        assertThat(codec.decode(ByteBuffer.wrap(codec.encode(Optional.empty()))))
                .isEmpty();
    }

    @Test
    void readingLeavesTheBufferAsItWas() {
        ByteBuffer heap = ByteBuffer.wrap(ACCOUNTS.encode(new Account("ann", 1)));
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining())
                .put(heap.duplicate())
                .flip();

        assertThat(List.of(heap, direct)).allSatisfy(buffer -> {
            assertThat(ACCOUNTS.decode(buffer)).isEqualTo(new Account("ann", 1));
            assertThat(buffer.position()).isZero();
            assertThat(buffer.hasRemaining()).isTrue();
        });
    }

    @Test
    void manyThreadsShareOneCodec() {
        KeyCodec<Account> keys = KeyCodec.ofRecord(Account.class);
        boolean allCameBack = IntStream.range(0, 20_000).parallel().allMatch(i -> {
            Account account = new Account("owner:" + i, i);
            return ACCOUNTS.decode(ByteBuffer.wrap(ACCOUNTS.encode(account))).equals(account)
                    && keys.decode(keys.encode(account)).equals(account);
        });

        assertThat(allCameBack).isTrue();
    }
}
