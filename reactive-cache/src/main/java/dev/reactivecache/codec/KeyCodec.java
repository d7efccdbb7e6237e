package dev.reactivecache.codec;

/**
 * Turns keys into text and back, without loss: {@code decode(encode(key)).equals(key)}, and different keys have
 * different texts. The way back is needed because a remote tier tells of changes by the text of the key.
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
}
