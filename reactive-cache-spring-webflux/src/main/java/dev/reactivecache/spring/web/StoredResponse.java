package dev.reactivecache.spring.web;

import dev.reactivecache.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import reactor.core.publisher.Flux;

/** A whole response as a cache keeps it: status, header fields, body, and for how long it is fresh. Immutable. */
public final class StoredResponse {
    private static final Set<String> OF_THE_BODY = StoredFields.caseless(
            HttpHeaders.CONTENT_ENCODING,
            HttpHeaders.CONTENT_LENGTH,
            HttpHeaders.CONTENT_RANGE,
            "Content-Digest",
            "Content-MD5");

    private static final String[] NONE = {};

    private final int status;

    /** Names and values by turns, which takes a third of the memory of a map of lists. */
    private final String[] fields;

    private final byte[] body;
    private final Duration lifetime;
    private final Duration ageOnArrival;

    /** For which requests it was made, of those with its key: see {@link Variants}. */
    private final String variant;

    /** As {@link #fields}: those that set cookies, which are given to others only where that is asked for. */
    private final String[] cookies;

    StoredResponse(int status, HttpHeaders headers, byte[] body, Freshness freshness) {
        this(status, flat(headers), body, freshness, Variants.ALL, NONE);
    }

    private StoredResponse(
            int status, String[] fields, byte[] body, Freshness freshness, String variant, String[] cookies) {
        this.status = status;
        this.fields = fields;
        this.body = body;
        this.lifetime = freshness.lifetime();
        this.ageOnArrival = freshness.age();
        this.variant = variant;
        this.cookies = cookies;
    }

    /** The same, made for these of the requests that have its key. */
    StoredResponse forVariant(String made) {
        return new StoredResponse(status, fields, body, freshness(), made, cookies);
    }

    /** The same, with fields that set cookies. */
    StoredResponse withCookies(HttpHeaders setting) {
        String[] flat = setting.isEmpty() ? NONE : flat(setting);
        return new StoredResponse(status, fields, body, freshness(), variant, flat);
    }

    private Freshness freshness() {
        return new Freshness(lifetime, ageOnArrival);
    }

    private static String[] flat(HttpHeaders headers) {
        List<String> flat = new ArrayList<>(2 * headers.size());
        headers.forEach((name, values) -> values.forEach(value -> {
            flat.add(FieldNames.shared(name));
            flat.add(value);
        }));
        return flat.toArray(String[]::new);
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The header fields, which cannot be changed. */
    public HttpHeaders headers() {
        return headers(fields);
    }

    private static HttpHeaders headers(String[] flat) {
        HttpHeaders headers = new HttpHeaders();
        for (int i = 0; i < flat.length; i += 2) {
            headers.add(flat[i], flat[i + 1]);
        }
        return HttpHeaders.readOnlyHttpHeaders(headers);
    }

    /** The fields that set cookies, which are not among {@link #headers()}. */
    HttpHeaders cookies() {
        return headers(cookies);
    }

    /** For which of the requests that have its key it was made. */
    String variant() {
        return variant;
    }

    /** The first value of a header field, or null. */
    @Nullable
    String first(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return fields[i + 1];
            }
        }
        return null;
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

    /** How old it was when it was stored, by its {@code Age} and {@code Date} fields. */
    Duration ageOnArrival() {
        return ageOnArrival;
    }

    /**
     * The fields of this response with what a 304 says of it: its fields in place of older ones, but for those that
     * describe the body, which stays (RFC 9111, section 3.2).
     */
    HttpHeaders updatedBy(HttpHeaders notModified) {
        HttpHeaders updated = new HttpHeaders();
        headers().forEach((name, values) -> updated.put(name, new ArrayList<>(values)));
        updated.remove(HttpHeaders.DATE); // of the older response: not the date of the newer one, even if that has none
        notModified.forEach((name, values) -> {
            if (!OF_THE_BODY.contains(name)) {
                updated.put(name, new ArrayList<>(values));
            }
        });
        return updated;
    }

    /** Whether the head of a response can be of this one: by its length, tag and date, as far as both have them. */
    boolean isLike(HttpHeaders head) {
        String tag = head.getFirst(HttpHeaders.ETAG);
        String ownTag = first(HttpHeaders.ETAG);
        String modified = head.getFirst(HttpHeaders.LAST_MODIFIED);
        String ownModified = first(HttpHeaders.LAST_MODIFIED);
        long length = BodyLength.declaredBy(head);
        return (length < 0 || length == body.length)
                && (tag == null || ownTag == null || EntityTags.areAlike(tag, ownTag))
                && (modified == null || ownModified == null || modified.equals(ownModified));
    }

    /** The same body with other fields, and fresh for another while. */
    StoredResponse freshened(HttpHeaders updated, Freshness freshness) {
        return new StoredResponse(status, flat(updated), body, freshness, variant, cookies);
    }

    /** What a client is answered with. */
    ClientResponse.Builder toClient(ExchangeStrategies strategies) {
        Flux<DataBuffer> content = Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(
                ByteBuffer.wrap(body).asReadOnlyBuffer())));
        return ClientResponse.create(HttpStatusCode.valueOf(status), strategies)
                .headers(all -> {
                    headers().forEach((name, values) -> all.put(name, new ArrayList<>(values)));
                    all.setContentLength(body.length);
                })
                .body(body.length == 0 ? Flux.empty() : content);
    }

    /** Roughly how many bytes of memory it takes. */
    int weight() {
        return Footprint.sum(Footprint.of(fields, body), Footprint.sum(Footprint.of(variant), Footprint.of(cookies)));
    }

    /** How responses are written in a remote tier. */
    public static ValueCodec<StoredResponse> codec() {
        return new StoredResponseCodec();
    }

    @Override
    public String toString() {
        return "StoredResponse[" + status + ", " + body.length + " bytes, lifetime=" + lifetime + "]";
    }
}
