package dev.reactivecache.spring.web;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import reactor.core.publisher.Flux;

/** A whole response as a cache keeps it: status, header fields, body, and for how long it is fresh. Immutable. */
public final class StoredResponse {
    private static final byte FORMAT = 1;
    private static final Set<String> OF_THE_BODY = caseless(
            HttpHeaders.CONTENT_ENCODING,
            HttpHeaders.CONTENT_LENGTH,
            HttpHeaders.CONTENT_RANGE,
            HttpHeaders.CONTENT_TYPE);

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private final Duration lifetime;
    private final Duration ageOnArrival;

    StoredResponse(int status, HttpHeaders headers, byte[] body, Duration lifetime, Duration ageOnArrival) {
        this.status = status;
        this.headers = HttpHeaders.readOnlyHttpHeaders(headers);
        this.body = body;
        this.lifetime = lifetime;
        this.ageOnArrival = ageOnArrival;
    }

    private static Set<String> caseless(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return Collections.unmodifiableSet(set);
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The header fields, which cannot be changed. */
    public HttpHeaders headers() {
        return headers;
    }

    /** How long the body is, in bytes. */
    public int length() {
        return body.length;
    }

    /** The body, which must not be changed. */
    byte[] body() {
        return body;
    }

    /** For how long it is fresh, from its making. */
    public Duration lifetime() {
        return lifetime;
    }

    /** How old it was when it was stored, by its {@code Age} field. */
    Duration ageOnArrival() {
        return ageOnArrival;
    }

    /**
     * This response with what a 304 says of it: its fields in place of older ones, but for those that describe the body, which
     * stays (RFC 9111, section 3.2).
     */
    HttpHeaders updatedBy(HttpHeaders notModified) {
        HttpHeaders updated = new HttpHeaders();
        updated.putAll(headers);
        updated.remove(HttpHeaders.DATE); // of the older response: not the date of the newer one, even if that has none
        notModified.forEach((name, values) -> {
            if (!OF_THE_BODY.contains(name)) {
                updated.put(name, values);
            }
        });
        return updated;
    }

    /** The same body with other fields, and fresh for another while. */
    StoredResponse freshened(HttpHeaders updated, Duration freshFor, Duration age) {
        return new StoredResponse(status, updated, body, freshFor, age);
    }

    /** What a client is answered with. */
    ClientResponse.Builder toClient(ExchangeStrategies strategies) {
        Flux<DataBuffer> content = Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
        return ClientResponse.create(HttpStatusCode.valueOf(status), strategies)
                .headers(all -> {
                    headers.forEach((name, values) -> all.put(name, new ArrayList<>(values)));
                    all.setContentLength(body.length);
                })
                .body(body.length == 0 ? Flux.empty() : content);
    }

    /** Roughly how many bytes of memory it takes. */
    int weight() {
        int fields = headers.headerSet().stream()
                .mapToInt(field -> field.getKey().length()
                        + 64
                        + field.getValue().stream()
                                .mapToInt(value -> 2 * value.length() + 48)
                                .sum())
                .sum();
        return (int) Math.min(Integer.MAX_VALUE, 256L + fields + body.length);
    }

    /** How responses are written in a remote tier. */
    public static ValueCodec<StoredResponse> codec() {
        return new Codec();
    }

    @Override
    public String toString() {
        return "StoredResponse[" + status + ", " + body.length + " bytes, lifetime=" + lifetime + "]";
    }

    private static final class Codec implements ValueCodec<StoredResponse> {
        @Override
        public byte[] encode(StoredResponse response) {
            var bytes = new ByteArrayOutputStream(512 + response.length());
            try (var out = new DataOutputStream(bytes)) {
                out.writeByte(FORMAT);
                out.writeShort(response.status);
                out.writeLong(response.lifetime.toMillis());
                out.writeLong(response.ageOnArrival.toMillis());
                out.writeInt(response.headers.size());
                for (Map.Entry<String, List<String>> field : response.headers.headerSet()) {
                    out.writeUTF(field.getKey());
                    out.writeInt(field.getValue().size());
                    for (String value : field.getValue()) {
                        out.writeUTF(value);
                    }
                }
                out.writeInt(response.body.length);
                out.write(response.body);
            } catch (IOException e) {
                throw new CodecException("a response cannot be encoded: " + e.getMessage(), e);
            }
            return bytes.toByteArray();
        }

        @Override
        public StoredResponse decode(ByteBuffer payload) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                byte format = in.readByte();
                if (format != FORMAT) {
                    throw new CodecException("a stored response has the unknown format " + format, null);
                }
                int status = in.readUnsignedShort();
                Duration lifetime = Duration.ofMillis(in.readLong());
                Duration age = Duration.ofMillis(in.readLong());
                HttpHeaders headers = new HttpHeaders();
                int fields = in.readInt();
                for (int i = 0; i < fields; i++) {
                    String name = in.readUTF();
                    int values = in.readInt();
                    for (int j = 0; j < values; j++) {
                        headers.add(name, in.readUTF());
                    }
                }
                int length = in.readInt();
                if (length != in.available()) {
                    throw new CodecException("a stored response has " + in.available() + " bytes of " + length, null);
                }
                return new StoredResponse(status, headers, in.readNBytes(length), lifetime, age);
            } catch (IOException e) {
                throw new CodecException("a stored response cannot be decoded: " + e.getMessage(), e);
            }
        }
    }
}
