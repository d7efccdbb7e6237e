package dev.reactivecache.spring;

import dev.reactivecache.codec.JacksonCodec;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Finds the codec of a type: a bean of the application's, or one of those that come with the library. */
final class Codecs {
    private final BeanFactory beans;

    Codecs(BeanFactory beans) {
        this.beans = beans;
    }

    KeyCodec<?> keys(String cache, ResolvableType type) {
        KeyCodec<?> own = bean(KeyCodec.class, type);
        KeyCodec<?> codec = own != null ? own : usual(type.resolve(Object.class));
        if (codec == null) {
            throw new ReactiveCacheConfigurationException(
                    "cache '" + cache + "' has keys of type " + type + ", for which there is no KeyCodec",
                    "Declare a bean of type KeyCodec<" + type
                            + ">, for example with KeyCodec.of(...); or use keys of type"
                            + " String, Integer, Long, UUID, an enum, or a record of these.");
        }
        return codec;
    }

    /** The codec that comes with the library, or null. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static @Nullable KeyCodec<?> usual(Class<?> type) {
        if (type == String.class) {
            return KeyCodec.ofString();
        }
        if (type == Integer.class) {
            return KeyCodec.ofInt();
        }
        if (type == Long.class) {
            return KeyCodec.ofLong();
        }
        if (type == UUID.class) {
            return KeyCodec.ofUuid();
        }
        if (type.isEnum()) {
            return KeyCodec.ofEnum((Class) type);
        }
        return type.isRecord() ? KeyCodec.ofRecord((Class) type) : null;
    }

    ValueCodec<?> values(ResolvableType type) {
        ValueCodec<?> own = bean(ValueCodec.class, type);
        if (own != null) {
            return own;
        }
        if (type.resolve() == String.class) {
            return ValueCodec.ofString();
        }
        if (type.resolve() == byte[].class) {
            return ValueCodec.ofBytes();
        }
        JsonMapper mapper = mapper();
        return JacksonCodec.of(mapper.constructType(type.getType()), mapper);
    }

    /** The application's, but tolerant of properties that newer nodes have written. */
    private JsonMapper mapper() {
        JsonMapper own = beans.getBeanProvider(JsonMapper.class).getIfUnique();
        return (own == null ? JsonMapper.builder() : own.rebuild())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    @SuppressWarnings("unchecked")
    private <T> @Nullable T bean(Class<T> codec, ResolvableType type) {
        return (T) beans.getBeanProvider(ResolvableType.forClassWithGenerics(codec, type))
                .getIfUnique();
    }
}
