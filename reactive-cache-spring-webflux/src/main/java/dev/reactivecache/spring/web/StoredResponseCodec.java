package dev.reactivecache.spring.web;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiPredicate;
import org.springframework.http.HttpHeaders;

/** How responses are written in a remote tier. What is read from there is trusted in nothing. */
final class StoredResponseCodec implements ValueCodec<StoredResponse> {
    private static final byte FORMAT = 3;
    private static final int LOWEST_STATUS = 200;
    private static final int HIGHEST_STATUS = 599;
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);

    @Override
    public byte[] encode(StoredResponse response) {
        var bytes = new ByteArrayOutputStream(512 + response.length());
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeShort(response.status());
            out.writeLong(millis(response.lifetime()));
            out.writeLong(millis(response.ageOnArrival()));
            writeBytes(response.variant().getBytes(StandardCharsets.UTF_8), out);
            writeFields(response.headers(), out);
            writeFields(response.cookies(), out);
            writeBytes(response.body(), out);
        } catch (IOException e) {
            throw new CodecException("a response cannot be encoded: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static long millis(Duration duration) {
        return duration.compareTo(LONGEST) < 0 ? duration.toMillis() : LONGEST.toMillis();
    }

    private static void writeFields(HttpHeaders headers, DataOutputStream out) throws IOException {
        var fields = headers.headerSet();
        out.writeInt(fields.stream().mapToInt(field -> field.getValue().size()).sum());
        for (var field : fields) {
            for (String value : field.getValue()) {
                writeBytes(field.getKey().getBytes(StandardCharsets.UTF_8), out);
                writeBytes(value.getBytes(StandardCharsets.UTF_8), out);
            }
        }
    }

    private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public StoredResponse decode(ByteBuffer payload) {
        try {
            return read(payload);
        } catch (BufferUnderflowException cutOff) {
            throw new CodecException("a stored response is cut off", cutOff);
        }
    }

    private static StoredResponse read(ByteBuffer in) {
        byte format = in.get();
        if (format != FORMAT) {
            throw refused("the unknown format " + format);
        }
        int status = readStatus(in);
        Freshness freshness = new Freshness(readDuration(in), readDuration(in));
        String variant = new String(readBytes(in), StandardCharsets.UTF_8);
        HttpHeaders headers = readFields(in, StoredFields::isValid);
        HttpHeaders cookies = readFields(in, StoredFields::isValidCookie);
        byte[] body = readBytes(in);
        if (in.hasRemaining()) {
            throw refused(in.remaining() + " bytes too many");
        }
        return new StoredResponse(status, headers, body, freshness)
                .forVariant(variant)
                .withCookies(cookies);
    }

    private static int readStatus(ByteBuffer in) {
        int status = Short.toUnsignedInt(in.getShort());
        if (status < LOWEST_STATUS || status > HIGHEST_STATUS) {
            throw refused("the status " + status);
        }
        return status;
    }

    private static Duration readDuration(ByteBuffer in) {
        long millis = in.getLong();
        if (millis < 0) {
            throw refused("a negative time");
        }
        return Duration.ofMillis(millis);
    }

    private static HttpHeaders readFields(ByteBuffer in, BiPredicate<String, String> valid) {
        HttpHeaders headers = new HttpHeaders();
        int fields = in.getInt();
        if (fields < 0) {
            throw refused("a negative count of header fields");
        }
        for (int i = 0; i < fields; i++) {
            String name = new String(readBytes(in), StandardCharsets.UTF_8);
            String value = new String(readBytes(in), StandardCharsets.UTF_8);
            if (!valid.test(name, value)) {
                throw refused("a header field that must not be there");
            }
            headers.add(name, value);
        }
        return headers;
    }

    private static byte[] readBytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw refused("a part of " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static CodecException refused(String what) {
        return new CodecException("a stored response has " + what, null);
    }
}
