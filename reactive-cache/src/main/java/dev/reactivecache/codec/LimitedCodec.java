package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/** Refuses what is too large, both to write and to read. */
final class LimitedCodec<V> implements ValueCodec<V> {
    private final ValueCodec<V> codec;
    private final int limit;

    LimitedCodec(ValueCodec<V> codec, int limit) {
        this.codec = requireNonNull(codec, "codec");
        if (limit <= 0) {
            throw new IllegalArgumentException("limit (" + limit + ") must be above zero");
        }
        this.limit = limit;
    }

    @Override
    public byte[] encode(V value) {
        byte[] payload = codec.encode(value);
        if (payload.length > limit) {
            throw new CodecException(
                    "a value of " + payload.length + " bytes is larger than the limit of " + limit, null);
        }
        return payload;
    }

    int limit() {
        return limit;
    }

    /** What is too large to be written is kept in memory all the same, and weighed there. */
    @Override
    public int encodedSize(V value) {
        return codec.encodedSize(value);
    }

    @Override
    public V decode(ByteBuffer payload) {
        if (payload.remaining() > limit) {
            throw new CodecException(
                    "a payload of " + payload.remaining() + " bytes is larger than the limit of " + limit, null);
        }
        return codec.decode(payload);
    }

    @Override
    public String toString() {
        return codec + ", at most " + limit + " bytes";
    }
}
