package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

/**
 * Holds a codec to what {@link KeyCodec} promises, key by key and text by text. A key whose text is read as another key
 * is refused: the two would be served each other's values, and a change of one would never reach the other's copies.
 *
 * @param type names the keys in messages
 */
record ReversibleKeyCodec<K>(String type, KeyCodec<K> codec) implements KeyCodec<K> {

    @Override
    public String encode(K key) {
        requireNonNull(key, "key");
        String text = wellFormed(codec.encode(key));
        if (!isEqual(codec.decode(text), key)) {
            throw new CodecException(
                    KeyNames.of(key) + " of type " + type + " is spelt '" + text + "', which is read as another key",
                    null);
        }
        return text;
    }

    private boolean isEqual(K one, K other) {
        try {
            return one.equals(other);
        } catch (Throwable thrown) { // code of users
            throw new CodecException("keys of type " + type + " cannot be compared", thrown);
        }
    }

    @Override
    public K decode(String text) {
        requireNonNull(text, "text");
        K key = codec.decode(wellFormed(text));
        if (!codec.encode(key).equals(text)) {
            throw new CodecException(
                    "'" + text + "' is not how " + KeyNames.of(key) + " of type " + type + " is spelt", null);
        }
        return key;
    }

    private static String wellFormed(String text) {
        int half = Surrogates.indexOfHalf(text);
        if (half >= 0) {
            throw new CodecException("a key must not contain half of a surrogate pair (at index " + half + ")", null);
        }
        return text;
    }
}
