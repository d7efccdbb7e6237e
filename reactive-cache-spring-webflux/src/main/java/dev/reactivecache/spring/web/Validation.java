package dev.reactivecache.spring.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * A question whether a stale response is good still, by its entity tag, or by when it was last modified (RFC 9111,
 * section 4.3).
 */
record Validation(StoredResponse stale) {

    /** The question about a response, or null if it has nothing that could be asked about. */
    static @Nullable Validation of(StoredResponse stale) {
        HttpHeaders headers = stale.headers();
        boolean validates =
                headers.containsHeader(HttpHeaders.ETAG) || headers.containsHeader(HttpHeaders.LAST_MODIFIED);
        return validates ? new Validation(stale) : null;
    }

    /** The request, with the question. */
    ClientRequest conditional(ClientRequest request) {
        return ClientRequest.from(request)
                .headers(headers -> {
                    copy(HttpHeaders.ETAG, HttpHeaders.IF_NONE_MATCH, headers);
                    copy(HttpHeaders.LAST_MODIFIED, HttpHeaders.IF_MODIFIED_SINCE, headers);
                })
                .build();
    }

    private void copy(String from, String to, HttpHeaders headers) {
        String value = stale.headers().getFirst(from);
        if (value != null) {
            headers.set(to, value);
        }
    }

    /** Whether a 304 speaks of this response, and not of another one that its server has (section 4.3.4). */
    boolean isAbout(ClientResponse notModified) {
        String named = notModified.headers().asHttpHeaders().getETag();
        String own = stale.headers().getETag();
        return named == null || (own != null && opaque(named).equals(opaque(own)));
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
