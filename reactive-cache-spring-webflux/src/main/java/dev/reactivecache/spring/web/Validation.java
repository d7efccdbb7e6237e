package dev.reactivecache.spring.web;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * A question whether a stale response is good still, by its entity tag, or by when it was last modified (RFC 9111,
 * section 4.3).
 */
record Validation(
        StoredResponse stale,
        @Nullable String tag,
        @Nullable String modified) {

    /**
     * The question about a response, or null if it has nothing that could be asked about. A tag that was made here is
     * known to nobody else.
     */
    static @Nullable Validation of(StoredResponse stale) {
        String tag = stale.first(HttpHeaders.ETAG);
        String own = tag == null || EntityTags.of(stale.body()).equals(tag) ? null : tag;
        String modified = stale.first(HttpHeaders.LAST_MODIFIED);
        return own == null && modified == null ? null : new Validation(stale, own, modified);
    }

    /** Whether a response has something that it could be asked about by. */
    static boolean isPossible(HttpHeaders response) {
        return response.containsHeader(HttpHeaders.ETAG) || response.containsHeader(HttpHeaders.LAST_MODIFIED);
    }

    /** Adds the question to a request that asks nothing yet. */
    void addTo(HttpHeaders request) {
        if (tag != null) {
            request.set(HttpHeaders.IF_NONE_MATCH, tag);
        }
        if (modified != null) {
            request.set(HttpHeaders.IF_MODIFIED_SINCE, modified);
        }
    }

    /** The request, with the question. */
    ClientRequest conditional(ClientRequest request) {
        return ClientRequest.from(request).headers(this::addTo).build();
    }

    /** Whether a response with these, if there are any, is the one that is asked about. */
    boolean isAnsweredBy(@Nullable String currentTag, @Nullable Instant lastModified) {
        if (tag != null) {
            return EntityTags.areAlike(tag, currentTag);
        }
        Instant since = HttpDates.first(stale.headers(), HttpHeaders.LAST_MODIFIED);
        return since != null
                && lastModified != null
                && !lastModified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
    }

    /** Whether a 304 speaks of this response, and not of another one that its server has (section 4.3.4). */
    boolean isAbout(HttpHeaders notModified) {
        String named = notModified.getETag();
        return named == null || EntityTags.areAlike(named, stale.first(HttpHeaders.ETAG));
    }

    /**
     * What a 304 makes of the response: as if it had come now, with the fields that the 304 has. How old it is stands
     * in the message that came, and not in what is stored.
     */
    Arrival freshened(Arrival notModified, StoragePolicy policy) {
        HttpHeaders updated = stale.updatedBy(policy.stored(notModified.headers()));
        notModified.headers().getOrEmpty(HttpHeaders.AGE).forEach(age -> updated.add(HttpHeaders.AGE, age));
        StoredFields.settingCookies(notModified.headers())
                .forEach((name, values) -> values.forEach(value -> updated.add(name, value)));
        return notModified.with(stale.status(), updated);
    }

    /** The response to store, or to answer with, once what a 304 makes of it is judged. */
    StoredResponse stored(Arrival freshened, Freshness freshness, StoragePolicy policy) {
        StoredResponse fresh = stale.freshened(policy.stored(freshened.headers()), freshness);
        HttpHeaders cookies = policy.storedCookies(freshened.headers());
        return cookies.isEmpty() ? fresh : fresh.withCookies(cookies);
    }
}
