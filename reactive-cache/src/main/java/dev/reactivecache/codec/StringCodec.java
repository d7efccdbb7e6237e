package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as UTF-8, without replacing what is malformed. */
enum StringCodec implements ValueCodec<String> {
    UTF_8;

    @Override
    public byte[] encode(String value) {
        requireNonNull(value, "value");
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new CodecException("a text with half of a surrogate pair cannot be written as UTF-8", e);
        }
    }

    @Override
    public String decode(ByteBuffer payload) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(payload.duplicate())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CodecException("the bytes are not UTF-8", e);
        }
    }
}
