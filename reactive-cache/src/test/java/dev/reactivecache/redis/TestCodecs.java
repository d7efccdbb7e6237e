package dev.reactivecache.redis;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Text as it is. */
final class TestCodecs {
    /** A value that contains this can be neither written nor read. */
    static final String BAD = "(no codec can take this)";

    static final KeyCodec<String> KEYS = new KeyCodec<>() {
        @Override
        public String encode(String key) {
            return key;
        }

        @Override
        public String decode(String text) {
            return text;
        }
    };

    static final ValueCodec<String> VALUES = new ValueCodec<>() {
        @Override
        public byte[] encode(String value) {
            return checked(value).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(ByteBuffer payload) {
            return checked(StandardCharsets.UTF_8.decode(payload).toString());
        }
    };

    private TestCodecs() {}

    private static String checked(String value) {
        if (value.contains(BAD)) {
            throw new CodecException("not a value", null);
        }
        return value;
    }
}
