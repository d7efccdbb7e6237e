package dev.reactivecache.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Text as UTF-8, without replacing what is malformed. The JDK's quickest ways replace it, so their results are searched
 * for the replacement, which is rare.
 */
enum StringCodec implements ValueCodec<String> {
    STRICT;

    private static final byte REPLACES_HALF_A_PAIR = '?';
    private static final char REPLACES_A_BYTE = '\ufffd';

    @Override
    public byte[] encode(String value) {
        byte[] bytes = requireNonNull(value, "value").getBytes(UTF_8);
        if (contains(bytes, REPLACES_HALF_A_PAIR) && Surrogates.indexOfHalf(value) >= 0) {
            throw new CodecException("a text with half of a surrogate pair cannot be written as UTF-8", null);
        }
        return bytes;
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        for (byte next : bytes) {
            if (next == wanted) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int encodedSize(String value) {
        int size = value.length();
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (unit >= 0x80) {
                size += unit < 0x800 || Character.isSurrogate(unit) ? 1 : 2;
            }
        }
        return size;
    }

    @Override
    public String decode(ByteBuffer payload) {
        String text = payload.hasArray()
                ? new String(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining(), UTF_8)
                : new String(BytesCodec.COPYING.decode(payload), UTF_8);
        return text.indexOf(REPLACES_A_BYTE) < 0 ? text : decodeStrictly(payload);
    }

    private static String decodeStrictly(ByteBuffer payload) {
        try {
            return UTF_8.newDecoder().decode(payload.duplicate()).toString();
        } catch (CharacterCodingException e) {
            throw new CodecException("the bytes are not UTF-8", e);
        }
    }
}
