package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import java.util.function.Function;

/**
 * A key codec made of two functions, that accepts a text only if it is the one its key is encoded to: so no two texts
 * stand for one key.
 */
record ScalarKeyCodec<K>(String type, Function<? super K, String> encoder, Function<String, ? extends K> decoder)
        implements KeyCodec<K> {

    static final KeyCodec<String> STRING =
            new ScalarKeyCodec<>("String", ScalarKeyCodec::wellFormed, ScalarKeyCodec::wellFormed);
    static final KeyCodec<Integer> INT = new ScalarKeyCodec<>("int", key -> Integer.toString(key), Integer::valueOf);
    static final KeyCodec<Long> LONG = new ScalarKeyCodec<>("long", key -> Long.toString(key), Long::valueOf);
    static final KeyCodec<UUID> ID = new ScalarKeyCodec<>("UUID", UUID::toString, UUID::fromString);

    static <E extends Enum<E>> KeyCodec<E> ofEnum(Class<E> type) {
        return new ScalarKeyCodec<>(type.getSimpleName(), Enum::name, name -> Enum.valueOf(type, name));
    }

    @Override
    public String encode(K key) {
        requireNonNull(key, "key");
        try {
            return requireNonNull(encoder.apply(key), "the text of the key");
        } catch (RuntimeException e) {
            throw asCodecException("key " + key + " cannot be encoded as " + type, e);
        }
    }

    @Override
    public K decode(String text) {
        requireNonNull(text, "text");
        K key;
        try {
            key = requireNonNull(decoder.apply(text), "the key of the text");
        } catch (RuntimeException e) {
            throw asCodecException("'" + text + "' is not the text of a key of type " + type, e);
        }
        if (!encode(key).equals(text)) {
            throw new CodecException(
                    "'" + text + "' is not how the key " + key + " of type " + type + " is spelt", null);
        }
        return key;
    }

    private static CodecException asCodecException(String message, RuntimeException cause) {
        return cause instanceof CodecException known ? known : new CodecException(message, cause);
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            boolean pair = Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(unit)) {
                throw new CodecException("a key must not contain half of a surrogate pair (at index " + i + ")", null);
            }
        }
        return text;
    }
}
