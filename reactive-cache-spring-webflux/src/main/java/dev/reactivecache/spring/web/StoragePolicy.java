package dev.reactivecache.spring.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/** What a shared cache may store and answer, by RFC 9111 and the options. Pure: the time is given. */
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

    private static final List<String> FORBIDDING = List.of("no-store", "private", "no-cache");

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
        if (SPECIAL.stream().anyMatch(request::containsHeader) || BodyLength.announcesBody(request)) {
            return "special-request";
        }
        boolean authorized = request.containsHeader(HttpHeaders.AUTHORIZATION) && !options.cachesAuthorized();
        if (authorized || options.credentials().stream().anyMatch(request::containsHeader)) {
            return "credentials";
        }
        if (!cookies.stream().allMatch(options::ignoresCookie)
                || !sentCookies(request).allMatch(options::ignoresCookie)) {
            return "cookies";
        }
        return Directives.of(request).has("no-store") ? "no-store" : null;
    }

    /** The names of cookies as they were sent, also of those that no parser takes for cookies. */
    private static Stream<String> sentCookies(HttpHeaders request) {
        return request.getOrEmpty(HttpHeaders.COOKIE).stream()
                .flatMap(line -> Stream.of(line.split(";")))
                .map(String::trim)
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.substring(0, Math.max(0, pair.indexOf('='))).trim());
    }

    /** Whether a response with this head must not be stored, whatever else it says. */
    boolean forbidsStoring(HttpHeaders response) {
        return Directives.of(response).hasOneOf("no-store", "private");
    }

    /**
     * What becomes of a response.
     *
     * @param freshness how long it is fresh, and how old it is, if it is stored
     * @param refusal why it is not stored, or null
     */
    record Verdict(Freshness freshness, @Nullable String refusal) {
        static Verdict refused(String refusal) {
            return new Verdict(new Freshness(Duration.ZERO, Duration.ZERO), refusal);
        }
    }

    /** Whether a response may be stored that comes now, as far as its head tells. */
    Verdict judge(Asked request, int status, HttpHeaders response, boolean setsCookies, Instant now) {
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
        if (BodyLength.declaredBy(response) > options.maximumBody()) {
            return Verdict.refused("size");
        }
        if (!isVaryCovered(response)) {
            return Verdict.refused("vary");
        }
        return judgeDirectives(request, response, now);
    }

    private Verdict judgeDirectives(Asked request, HttpHeaders response, Instant now) {
        Directives directives = Directives.of(response);
        for (String forbidding : FORBIDDING) { // also if they name fields
            if (directives.has(forbidding)) {
                return Verdict.refused(forbidding);
            }
        }
        if (request.authorized() && !directives.hasOneOf("public", "s-maxage", "must-revalidate")) {
            return Verdict.refused("authorization");
        }
        Freshness freshness = Freshness.of(directives, response, options.lifetime(), now);
        return freshness.isStale() ? Verdict.refused("stale") : new Verdict(freshness, null);
    }

    /** Why a whole response is not stored although its head could be; null if it is. */
    @Nullable
    String refuses(HttpHeaders response, HttpHeaders stored, int length) {
        if (!BodyLength.isWhole(response, length)) {
            return "incomplete";
        }
        return StoredFields.areValid(stored) ? null : "field";
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

    /** The fields of a response that are stored with it. They can be changed. */
    HttpHeaders stored(HttpHeaders response) {
        return StoredFields.of(response, options.varyBy());
    }
}
