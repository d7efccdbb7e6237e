package dev.reactivecache.chaos;

import dev.reactivecache.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A version as text. Bytes that a stranger left are refused, unless they are a number. */
final class VersionCodec implements ValueCodec<Long> {
    @Override
    public byte[] encode(Long version) {
        return version.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Long decode(ByteBuffer payload) {
        return Long.valueOf(StandardCharsets.US_ASCII.decode(payload).toString());
    }
}
