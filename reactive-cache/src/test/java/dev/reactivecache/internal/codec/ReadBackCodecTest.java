package dev.reactivecache.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.JacksonCodec;
import dev.reactivecache.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class ReadBackCodecTest {
    /** Written without a word of which it is. */
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    /** Nobody says how to make one. */
    static final class Point {
        private final int x;

        Point(int x, int ignored) {
            this.x = x;
        }

        public int getX() {
            return x;
        }
    }

    private final List<String> found = new ArrayList<>();
    private int decoded;

    private <V> ReadBackCodec<V> watched(ValueCodec<V> codec) {
        return new ReadBackCodec<>(new Counting<>(codec), new ReadBackCodec.Findings() {
            @Override
            public void unreadable(Class<?> type, CodecException failure) {
                found.add("unreadable " + type.getSimpleName());
            }

            @Override
            public void lastReadBack(Class<?> type, @Nullable CodecException failure) {}

            @Override
            public void changed(Class<?> type, String difference) {
                found.add("changed " + difference);
            }
        });
    }

    private final class Counting<V> implements ValueCodec<V> {
        private final ValueCodec<V> codec;

        Counting(ValueCodec<V> codec) {
            this.codec = codec;
        }

        @Override
        public byte[] encode(V value) {
            return codec.encode(value);
        }

        @Override
        public V decode(ByteBuffer payload) {
            decoded++;
            return codec.decode(payload);
        }
    }

    @Test
    void whatCannotBeReadBackIsRefusedAndToldOnce() {
        ValueCodec<Shape> shapes = watched(JacksonCodec.of(Shape.class));
        ValueCodec<Point> points = watched(JacksonCodec.of(Point.class));

        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> shapes.encode(new Circle(1)))
                    .withMessageContaining("Circle is written, but cannot be read");
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> points.encode(new Point(1, 2)));
        }

        assertThat(found).containsExactly("unreadable Circle", "unreadable Point");
    }

    @Test
    void whatCanBeReadIsReadBackEverMoreSeldom() {
        ValueCodec<String> texts = watched(ValueCodec.ofString());

        for (int i = 0; i < 1_000; i++) {
            texts.encode("v" + i);
        }

        assertThat(decoded).as("values 1, 2, 4 up to 512").isEqualTo(10);
        assertThat(found).isEmpty();
    }

    @Test
    void anElementThatCannotBeReadIsFoundThoughTheListsBeforeHadNone() {
        ValueCodec<List<Shape>> lists = watched(JacksonCodec.of(new TypeReference<List<Shape>>() {}));
        for (int i = 0; i < 5; i++) {
            lists.encode(new ArrayList<>());
        }
        byte[] unread = lists.encode(new ArrayList<>(List.of(new Circle(1))));

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> lists.decode(ByteBuffer.wrap(unread)));

        assertThatExceptionOfType(CodecException.class)
                .as("after a failed read, the next value is read back")
                .isThrownBy(() -> lists.encode(new ArrayList<>(List.of(new Circle(1)))));
        assertThat(lists.encode(new ArrayList<>()))
                .as("what can be read is written")
                .isEqualTo("[]".getBytes(UTF_8));
        assertThatExceptionOfType(CodecException.class)
                .as("and each is read back from now on")
                .isThrownBy(() -> lists.encode(new ArrayList<>(List.of(new Circle(1)))));
        assertThat(found).containsExactly("unreadable ArrayList");
    }

    @Test
    void bytesThatOthersWroteCostOneReadingBackEachAndNoMore() {
        ValueCodec<String> texts = watched(ValueCodec.ofString());
        for (int i = 0; i < 3; i++) {
            texts.encode("v");
        }
        decoded = 0;

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> texts.decode(ByteBuffer.wrap(new byte[] {-1})));
        for (int i = 0; i < 4; i++) {
            texts.encode("v");
        }

        assertThat(decoded).as("the foreign bytes, and the fourth value").isEqualTo(2);
        assertThat(found).isEmpty();
    }

    @Test
    void aValueThatComesBackChangedIsWrittenAndToldOnce() {
        ValueCodec<Map<String, Object>> maps = watched(JacksonCodec.of(new TypeReference<Map<String, Object>>() {}));

        for (int i = 0; i < 4; i++) {
            assertThat(maps.encode(Map.of("n", 1L))).isEqualTo("{\"n\":1}".getBytes(UTF_8));
        }

        assertThat(found).containsExactly("changed {}: java.lang.Long became java.lang.Integer");
    }

    @Test
    void nullIsNoValueThatWasReadBack() {
        ValueCodec<String> forgetful = watched(new ValueCodec<>() {
            @Override
            public byte[] encode(String value) {
                return new byte[0];
            }

            @Override
            public String decode(ByteBuffer payload) {
                return null;
            }
        });

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> forgetful.encode("k"))
                .withMessageContaining("the codec returned null");
    }

    @Test
    void anErrorWhileReadingBackIsARefusal() {
        ValueCodec<String> broken = watched(new ValueCodec<>() {
            @Override
            public byte[] encode(String value) {
                return new byte[0];
            }

            @Override
            public String decode(ByteBuffer payload) {
                throw new NoClassDefFoundError("gone");
            }
        });

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> broken.encode("v"))
                .withCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(found).containsExactly("unreadable String");
    }
}
