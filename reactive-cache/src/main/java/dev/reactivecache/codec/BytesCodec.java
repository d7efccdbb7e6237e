package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/** Bytes as they are, copied both ways. */
enum BytesCodec implements ValueCodec<byte[]> {
    COPYING;

    @Override
    public byte[] encode(byte[] value) {
        return requireNonNull(value, "value").clone();
    }

    @Override
    public int encodedSize(byte[] value) {
        return value.length;
    }

    @Override
    public byte[] decode(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }
}
