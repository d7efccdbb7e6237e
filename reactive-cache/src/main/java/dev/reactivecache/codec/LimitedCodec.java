package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/** Refuses to encode what is too large. */
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

    @Override
    public V decode(ByteBuffer payload) {
        return codec.decode(payload);
    }

    @Override
    public String toString() {
        return codec + ", at most " + limit + " bytes";
    }
}
