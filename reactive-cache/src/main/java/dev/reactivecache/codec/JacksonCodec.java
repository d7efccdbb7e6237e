package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON, through Jackson, or in the format of a mapper of the user's, such as CBOR or Smile. The type is fixed
 * when the codec is made: no class names are written, and none that are read are followed, unless an annotation of the
 * type's own asks for it: {@code @JsonTypeInfo} with {@code Id.CLASS}. {@code Id.NAME} serves families of types
 * without. Unless a mapper of the user's says otherwise, properties that the type does not have are passed over, so
 * that nodes that do not know a new property yet can read what newer ones wrote.
 *
 * <p>Some features are set whatever the mapper says, because values would come back changed without them: dates and
 * times keep their offset and their zone ({@link DateTimeFeature#ADJUST_DATES_TO_CONTEXT_TIME_ZONE} and
 * {@link DateTimeFeature#WRITE_DATES_WITH_CONTEXT_TIME_ZONE} off,
 * {@link DateTimeFeature#WRITE_DATES_WITH_ZONE_ID} on), enum constants are written by name ({@link EnumFeature}:
 * neither written nor read by {@code toString}), and bytes after the value are refused. Annotations of the type still
 * decide.
 *
 * @param <V> the type of values
 */
public final class JacksonCodec<V> implements ValueCodec<V> {
    private static final ObjectMapper DEFAULT_MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final String format;
    private final byte[] nullBytes;

    private JacksonCodec(ObjectMapper mapper, Function<ObjectMapper, JavaType> type) {
        requireNonNull(mapper, "mapper");
        this.type = type.apply(mapper);
        if (mapper.serializationConfig().getDefaultTyper(this.type) != null) {
            throw new IllegalArgumentException("the mapper must not have default typing:"
                    + " it writes class names into the cache, and follows those it reads there");
        }
        this.reader = mapper.readerFor(this.type)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .without(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .without(EnumFeature.READ_ENUMS_USING_TO_STRING);
        this.writer = mapper.writerFor(this.type)
                .with(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .without(DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
                .without(EnumFeature.WRITE_ENUMS_USING_TO_STRING);
        this.format = mapper.tokenStreamFactory().getFormatName();
        this.nullBytes = mapper.writeValueAsBytes(null);
    }

    /** A codec for a class without type parameters. */
    public static <V> JacksonCodec<V> of(Class<V> type) {
        return of(type, DEFAULT_MAPPER);
    }

    /** A codec for a class, with a mapper of the user's. */
    public static <V> JacksonCodec<V> of(Class<V> type, ObjectMapper mapper) {
        requireNonNull(type, "type");
        return new JacksonCodec<>(mapper, given -> given.constructType(type));
    }

    /** A codec for a generic type: {@code of(new TypeReference<List<Product>>() {})}. */
    public static <V> JacksonCodec<V> of(TypeReference<V> type) {
        return of(type, DEFAULT_MAPPER);
    }

    /** A codec for a generic type, with a mapper of the user's. */
    public static <V> JacksonCodec<V> of(TypeReference<V> type, ObjectMapper mapper) {
        requireNonNull(type, "type");
        return new JacksonCodec<>(mapper, given -> given.constructType(type));
    }

    /** A codec for a type that is only known at run time; the caller vouches that it is that of {@code V}. */
    public static <V> JacksonCodec<V> of(JavaType type) {
        return of(type, DEFAULT_MAPPER);
    }

    /** A codec for a type that is only known at run time, with a mapper of the user's. */
    public static <V> JacksonCodec<V> of(JavaType type, ObjectMapper mapper) {
        requireNonNull(type, "type");
        return new JacksonCodec<>(mapper, given -> type);
    }

    @Override
    public byte[] encode(V value) {
        requireNonNull(value, "value");
        byte[] payload;
        boolean comesBack;
        try {
            payload = writer.writeValueAsBytes(value);
            comesBack = !Arrays.equals(payload, nullBytes) || read(ByteBuffer.wrap(payload)) != null;
        } catch (Throwable e) { // code of users runs in there
            throw unwritable(e);
        }
        if (!comesBack) {
            throw new CodecException(
                    "a value of type " + type.toCanonical() + " is written as " + format + "'s null, which is no value",
                    null);
        }
        return payload;
    }

    /** Writes the value as well, but keeps nothing of it. */
    @Override
    public int encodedSize(V value) {
        requireNonNull(value, "value");
        CountingStream bytes = new CountingStream();
        try {
            writer.writeValue(bytes, value);
        } catch (Throwable e) { // code of users runs in there
            throw unwritable(e);
        }
        return bytes.count;
    }

    private CodecException unwritable(Throwable failure) {
        return new CodecException(
                "a value of type " + type.toCanonical() + " cannot be written as " + format + ": "
                        + writeReason(failure),
                failure);
    }

    @Override
    public V decode(ByteBuffer payload) {
        V value;
        try {
            value = read(payload);
        } catch (Throwable e) { // code of users runs in there
            throw new CodecException(
                    "the bytes are not " + format + " of type " + type.toCanonical() + ": " + readReason(e), e);
        }
        if (value == null) {
            throw new CodecException(
                    "the bytes are " + format + "'s null, not a value of type " + type.toCanonical(), null);
        }
        return value;
    }

    private @Nullable V read(ByteBuffer payload) {
        return payload.hasArray()
                ? reader.readValue(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining())
                : reader.readValue(new BufferStream(payload.duplicate()));
    }

    /** Why a value cannot be written, and where. What other code throws may show the value, so it is only named. */
    private static String writeReason(Throwable failure) {
        if (!(failure instanceof JacksonException known)) {
            return failure.getClass().getName();
        }
        Throwable cause = known.getCause();
        String why = cause == null || cause instanceof JacksonException
                ? known.getOriginalMessage()
                : cause.getClass().getName();
        List<JacksonException.Reference> path = known.getPath();
        return path.isEmpty() ? why : why + " at " + path.get(path.size() - 1); // all of it can be 500 steps long
    }

    private static @Nullable String readReason(Throwable failure) {
        return failure instanceof JacksonException known ? known.getOriginalMessage() : failure.toString();
    }

    @Override
    public String toString() {
        return "JacksonCodec[" + type.toCanonical() + "]";
    }

    /** Counts what is written to it. */
    private static final class CountingStream extends OutputStream {
        private int count;

        @Override
        public void write(int next) {
            count++;
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            count += length;
        }
    }

    /** Reads a buffer that is not on the heap. */
    private static final class BufferStream extends InputStream {
        private final ByteBuffer buffer;

        BufferStream(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public int read() throws IOException {
            return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!buffer.hasRemaining()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(target, offset, count);
            return count;
        }
    }
}
