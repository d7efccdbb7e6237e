package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import java.util.function.Function;

/** A key codec made of two functions, whose failures become {@link CodecException}s. */
record ScalarKeyCodec<K>(String type, Function<? super K, String> encoder, Function<String, ? extends K> decoder)
        implements KeyCodec<K> {

    static final ScalarKeyCodec<String> STRING = new ScalarKeyCodec<>("String", key -> key, text -> text);
    static final ScalarKeyCodec<Integer> INT =
            new ScalarKeyCodec<>("int", key -> Integer.toString(key), Integer::valueOf);
    static final ScalarKeyCodec<Long> LONG = new ScalarKeyCodec<>("long", key -> Long.toString(key), Long::valueOf);
    static final ScalarKeyCodec<UUID> ID = new ScalarKeyCodec<>("UUID", UUID::toString, UUID::fromString);

    static <E extends Enum<E>> ScalarKeyCodec<E> ofEnum(Class<E> type) {
        return new ScalarKeyCodec<>(type.getSimpleName(), Enum::name, name -> Enum.valueOf(type, name));
    }

    /** This codec, held to what {@link KeyCodec} promises. */
    KeyCodec<K> reversible() {
        return new ReversibleKeyCodec<>(type, this);
    }

    @Override
    public String encode(K key) {
        try {
            return requireNonNull(encoder.apply(key), "the text of the key");
        } catch (Throwable e) { // code of users
            throw asCodecException(KeyNames.of(key) + " cannot be encoded as " + type, e);
        }
    }

    @Override
    public K decode(String text) {
        try {
            return requireNonNull(decoder.apply(text), "the key of the text");
        } catch (Throwable e) { // code of users
            throw asCodecException("'" + text + "' is not the text of a key of type " + type, e);
        }
    }

    private static CodecException asCodecException(String message, Throwable cause) {
        return cause instanceof CodecException known ? known : new CodecException(message, cause);
    }
}
