package dev.reactivecache.spring.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/** What a shared cache may store and answer, by RFC 9111 and the options. Pure: decides, and does nothing. */
final class StoragePolicy {
    private static final Set<MediaType> STREAMS = Set.of(
            MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_NDJSON, MediaType.valueOf("application/stream+json"));

    /** Requests with one of these ask for something else than the whole current response. */
    private static final List<String> SPECIAL = List.of(
            HttpHeaders.RANGE,
            HttpHeaders.IF_RANGE,
            HttpHeaders.IF_MATCH,
            HttpHeaders.IF_UNMODIFIED_SINCE,
            HttpHeaders.UPGRADE);

    private final HttpCacheOptions options;

    StoragePolicy(HttpCacheOptions options) {
        this.options = options;
    }

    /** Why a request goes past the cache, as a detail for {@code Cache-Status}, or null. */
    @Nullable
    String bypass(HttpMethod method, HttpHeaders request, Set<String> cookies) {
        if (!HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method)) {
            return "method";
        }
        if (SPECIAL.stream().anyMatch(request::containsHeader)
                || request.getContentLength() > 0
                || request.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
            return "special-request";
        }
        boolean authorized = request.containsHeader(HttpHeaders.AUTHORIZATION) && !options.cachesAuthorized();
        if (authorized || options.credentials().stream().anyMatch(request::containsHeader)) {
            return "credentials";
        }
        boolean unparsed =
                cookies.isEmpty() && request.containsHeader(HttpHeaders.COOKIE) && !options.ignoresAllCookies();
        if (unparsed || !cookies.stream().allMatch(options::ignoresCookie)) {
            return "cookies";
        }
        return Directives.of(request).has("no-store") ? "no-store" : null;
    }

    /**
     * What becomes of a response.
     *
     * @param lifetime for how long it is fresh if it is stored
     * @param refusal why it is not stored, or null
     */
    record Verdict(Duration lifetime, @Nullable String refusal) {
        static Verdict refused(String refusal) {
            return new Verdict(Duration.ZERO, refusal);
        }
    }

    /** Whether a response may be stored, as far as its head tells. */
    Verdict judge(HttpHeaders request, int status, HttpHeaders response, boolean setsCookies) {
        if (!options.statuses().contains(status)) {
            return Verdict.refused("status");
        }
        if (setsCookies || response.containsHeader(HttpHeaders.SET_COOKIE) || response.containsHeader("Set-Cookie2")) {
            return Verdict.refused("set-cookie");
        }
        if (response.containsHeader(HttpHeaders.CONTENT_RANGE)) {
            return Verdict.refused("partial");
        }
        if (isStream(response)) {
            return Verdict.refused("stream");
        }
        if (response.getContentLength() > options.maximumBody()) {
            return Verdict.refused("size");
        }
        if (!isVaryCovered(response)) {
            return Verdict.refused("vary");
        }
        return judgeDirectives(request, response);
    }

    private Verdict judgeDirectives(HttpHeaders request, HttpHeaders response) {
        Directives directives = Directives.of(response);
        for (String forbidding : List.of("no-store", "private", "no-cache")) { // also if they name fields
            if (directives.has(forbidding)) {
                return Verdict.refused(forbidding);
            }
        }
        boolean forAll = directives.hasOneOf("public", "s-maxage", "must-revalidate");
        if (request.containsHeader(HttpHeaders.AUTHORIZATION) && !forAll) {
            return Verdict.refused("authorization");
        }
        Duration lifetime = lifetime(directives, response);
        return lifetime.compareTo(ageOnArrival(response)) > 0 ? new Verdict(lifetime, null) : Verdict.refused("stale");
    }

    private static boolean isStream(HttpHeaders response) {
        MediaType type;
        try {
            type = response.getContentType();
        } catch (RuntimeException unreadable) {
            return false;
        }
        return type != null && STREAMS.stream().anyMatch(stream -> stream.equalsTypeAndSubtype(type));
    }

    private boolean isVaryCovered(HttpHeaders response) {
        return response.getVary().stream().allMatch(options.varyBy()::contains);
    }

    private Duration lifetime(Directives directives, HttpHeaders response) {
        Duration shared = directives.seconds("s-maxage");
        Duration any = shared != null ? shared : directives.seconds("max-age");
        if (any != null) {
            return any;
        }
        if (!response.containsHeader(HttpHeaders.EXPIRES)) {
            Duration usual = options.lifetime();
            return usual == null ? Duration.ZERO : usual;
        }
        long expires = date(response, HttpHeaders.EXPIRES);
        long made = date(response, HttpHeaders.DATE);
        long now = made > 0 ? made : Instant.now().toEpochMilli();
        return Duration.ofMillis(Math.max(0, expires - now)); // a date that cannot be read is in the past (section 5.3)
    }

    private static long date(HttpHeaders headers, String name) {
        try {
            return headers.getFirstDate(name);
        } catch (IllegalArgumentException unreadable) {
            return -1;
        }
    }

    /** How old the response was already when it came. */
    static Duration ageOnArrival(HttpHeaders response) {
        String age = response.getFirst(HttpHeaders.AGE);
        boolean readable = age != null && age.matches("[0-9]{1,9}");
        return readable ? Duration.ofSeconds(Long.parseLong(age)) : Duration.ZERO;
    }

    /** Whether a stored response of this age may answer such a request. */
    boolean answers(StoredResponse stored, Duration age, HttpHeaders request) {
        Duration left = stored.lifetime().minus(age);
        if (left.isNegative() || left.isZero()) {
            return false;
        }
        if (!options.honoursRequestDirectives()) {
            return true;
        }
        Directives asked = Directives.of(request);
        Duration oldest = asked.seconds("max-age");
        Duration least = asked.seconds("min-fresh");
        return !asked.has("no-cache")
                && (oldest == null || (!oldest.isZero() && age.compareTo(oldest) <= 0))
                && (least == null || left.compareTo(least) >= 0);
    }

    /** Whether a request wants a stored response or none. */
    boolean wantsOnlyStored(HttpHeaders request) {
        return options.honoursRequestDirectives() && Directives.of(request).has("only-if-cached");
    }

    /** The fields of a response that are stored: not those of the connection (section 3.1). */
    HttpHeaders stored(HttpHeaders response) {
        HttpHeaders kept = new HttpHeaders();
        kept.putAll(response);
        for (String named : response.getConnection()) {
            kept.remove(named);
        }
        for (String hop : List.of(
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Proxy-Authentication-Info",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "Age",
                "Content-Length",
                "X-Cache")) {
            kept.remove(hop);
        }
        Set<String> missing = new TreeSet<>(options.varyBy());
        missing.removeIf(name -> response.getVary().stream().anyMatch(name::equalsIgnoreCase));
        missing.forEach(name -> kept.add(HttpHeaders.VARY, name));
        return kept;
    }
}
