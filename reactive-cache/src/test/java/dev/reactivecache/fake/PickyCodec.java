package dev.reactivecache.fake;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Text, but for two words: {@code unwritable} cannot be encoded, {@code garbage} cannot be decoded. */
public final class PickyCodec implements ValueCodec<String> {
    @Override
    public byte[] encode(String value) {
        if (value.equals("unwritable")) {
            throw new CodecException("cannot be written", null);
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String decode(ByteBuffer payload) {
        String text = StandardCharsets.UTF_8.decode(payload).toString();
        if (text.equals("garbage")) {
            throw new CodecException("cannot be read", null);
        }
        return text;
    }
}
