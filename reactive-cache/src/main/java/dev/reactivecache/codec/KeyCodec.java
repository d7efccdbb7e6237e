package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import java.util.function.Function;

/**
 * Turns keys into text and back, without loss: {@code decode(encode(key)).equals(key)}, and different keys have
 * different texts. The way back is needed because a remote tier announces changes by the text of the key.
 *
 * @param <K> the type of keys
 */
public interface KeyCodec<K> {

    /**
     * Encodes a key. Any text will do, the empty one included; it should be short and legible.
     *
     * @throws CodecException if the key cannot be encoded
     */
    String encode(K key);

    /**
     * Decodes what {@link #encode} returned.
     *
     * @throws CodecException if no key has this text
     */
    K decode(String text);

    /** Strings as they are. A string with half of a surrogate pair cannot be encoded. */
    static KeyCodec<String> ofString() {
        return ScalarKeyCodec.STRING.reversible();
    }

    /** Integers in decimal. */
    static KeyCodec<Integer> ofInt() {
        return ScalarKeyCodec.INT.reversible();
    }

    /** Longs in decimal. */
    static KeyCodec<Long> ofLong() {
        return ScalarKeyCodec.LONG.reversible();
    }

    /** UUIDs in their usual form, in lower case. */
    static KeyCodec<UUID> ofUuid() {
        return ScalarKeyCodec.ID.reversible();
    }

    /** Enum constants by their names: renaming a constant renames its key. */
    static <E extends Enum<E>> KeyCodec<E> ofEnum(Class<E> type) {
        return ScalarKeyCodec.ofEnum(requireNonNull(type, "enum type")).reversible();
    }

    /**
     * Records as their components in order, with a colon in between: {@code eu:42}. Colons and backslashes inside a
     * component are escaped with a backslash. Components are Strings, ints, longs, UUIDs, enums or such records, and
     * must not be null in a key. A key that does not come back equal, because an accessor or the constructor changes
     * what it is given, cannot be encoded.
     *
     * @throws IllegalArgumentException if the type has no components, or one of another type, or contains itself, or is
     *     closed to reflection
     */
    static <R extends Record> KeyCodec<R> ofRecord(Class<R> type) {
        requireNonNull(type, "record type");
        return new ReversibleKeyCodec<>(type.getSimpleName(), new RecordKeyCodec<>(type));
    }

    /**
     * A codec of the user's own. Each use is checked: encoding refuses a key whose text {@code decoder} reads as a key
     * that is not equal to it, and a text with half of a surrogate pair; decoding refuses a text that {@code encoder}
     * would have written differently. What the functions throw becomes the cause of a {@link CodecException}, unless it
     * is one.
     *
     * @param type names the keys in error messages
     */
    static <K> KeyCodec<K> of(String type, Function<? super K, String> encoder, Function<String, ? extends K> decoder) {
        var own = new ScalarKeyCodec<K>(
                requireNonNull(type, "type"), requireNonNull(encoder, "encoder"), requireNonNull(decoder, "decoder"));
        return own.reversible();
    }
}
