package dev.reactivecache.codec;

import java.nio.ByteBuffer;

/**
 * Turns values into bytes and back. Implementations are safe for use by many threads, do not block, and read what older
 * versions of themselves wrote.
 *
 * @param <V> the type of values
 */
public interface ValueCodec<V> {

    /**
     * Encodes a value.
     *
     * @throws CodecException if the value cannot be encoded
     */
    byte[] encode(V value);

    /**
     * Decodes what {@link #encode} returned, from the buffer's position to its limit. The buffer must not be kept.
     *
     * @throws CodecException if the bytes cannot be decoded; the cache then treats them as a miss
     */
    V decode(ByteBuffer payload);

    /**
     * How many bytes {@link #encode} would return, or about as many, to weigh a value that is kept in memory. A codec
     * that can count them without encoding does; the default encodes.
     *
     * @throws CodecException if the value cannot be encoded
     */
    default int encodedSize(V value) {
        return encode(value).length;
    }

    /**
     * This codec, with what it encodes in at least {@code threshold} bytes deflated, where that makes it shorter. What
     * takes more than 64 MiB is left as it is, and bytes that would become more than that cannot be decoded; if this
     * codec is {@link #limited}, its limit bounds both. Bytes of this codec alone cannot be read by the result, nor the
     * other way round: give the cache a new name with it.
     *
     * @throws IllegalArgumentException if {@code threshold} is below 0
     */
    default ValueCodec<V> compressed(int threshold) {
        return new CompressingCodec<>(this, threshold);
    }

    /**
     * This codec, refusing to encode a value in more than {@code limit} bytes, and to decode more. A loaded value that
     * is refused is kept in memory alone, counted, and the first is logged; {@code put} errors with
     * {@link CodecException}. A payload that is refused is a miss.
     *
     * @throws IllegalArgumentException if {@code limit} is not above 0
     */
    default ValueCodec<V> limited(int limit) {
        return new LimitedCodec<>(this, limit);
    }

    /** Text as UTF-8. A text with half of a surrogate pair cannot be encoded. */
    static ValueCodec<String> ofString() {
        return StringCodec.STRICT;
    }

    /** Bytes as they are, copied both ways, so that what a caller does to its array does not reach the cache. */
    static ValueCodec<byte[]> ofBytes() {
        return BytesCodec.COPYING;
    }
}
