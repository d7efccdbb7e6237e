package dev.reactivecache.spring.web;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** What a shared cache may store and answer, by RFC 9111 and the options. Pure: the time is given. */
final class StoragePolicy {
    private static final Set<MediaType> STREAMS = Set.of(
            MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_NDJSON, MediaType.valueOf("application/stream+json"));

    /** Requests with one of these ask for something else than the whole current response. */
    private static final List<String> SPECIAL =
            List.of(HttpHeaders.IF_MATCH, HttpHeaders.IF_UNMODIFIED_SINCE, HttpHeaders.UPGRADE);

    private static final List<String> FORBIDDING = List.of("no-store", "private");

    private final HttpCacheOptions options;
    private final Variants variants;

    StoragePolicy(HttpCacheOptions options) {
        this.options = options;
        this.variants = new Variants(options);
    }

    /** Which of the responses to one URI answers a request. */
    Variants variants() {
        return variants;
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

    /** Whether a response may be stored, as far as its head tells. */
    Verdict judge(Asked request, Arrival arrival) {
        HttpHeaders response = arrival.headers();
        if (!options.statuses().contains(arrival.status())) {
            return Verdict.refused("status");
        }
        boolean setsCookies =
                arrival.setsCookies() || !StoredFields.settingCookies(response).isEmpty();
        if (setsCookies && !options.sharesSetCookie()) {
            return Verdict.refused("set-cookie");
        }
        if (isStream(response)) {
            return Verdict.refused("stream");
        }
        if (BodyLength.declaredBy(response) > options.maximumBody()) {
            return Verdict.refused("size");
        }
        if (!variants.canBeTold(response)) {
            return Verdict.refused("vary");
        }
        return judgeDirectives(request, arrival);
    }

    private Verdict judgeDirectives(Asked request, Arrival arrival) {
        Directives directives = Directives.of(arrival.headers(), options.targetedFields());
        for (String forbidding : FORBIDDING) { // also if they name fields
            if (directives.has(forbidding)) {
                return Verdict.refused(forbidding);
            }
        }
        if (directives.has("must-understand") && HttpStatus.resolve(arrival.status()) == null) {
            return Verdict.refused("must-understand");
        }
        if (request.authorized() && !directives.hasOneOf("public", "s-maxage", "must-revalidate")) {
            return Verdict.refused("authorization");
        }
        Freshness freshness =
                Freshness.of(directives, arrival, options.usualLifetime().of(arrival, directives));
        boolean asksForValidation = directives.has("no-cache"); // also if it names fields
        if (!asksForValidation && !freshness.isStale()) {
            return new Verdict(freshness, null);
        }
        return options.storesForValidation() && Validation.isPossible(arrival.headers())
                ? new Verdict(freshness.spent(), null)
                : Verdict.refused(asksForValidation ? "no-cache" : "stale");
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

    /** Whether a response of this age may answer others than the one that it was asked for. */
    boolean answersWhoHaveWaited(StoredResponse response, Duration age) {
        boolean givesCookies = !response.cookies().isEmpty() && !options.sharesSetCookie();
        return age.compareTo(response.lifetime()) < 0 && !givesCookies;
    }

    /** Whether a stored response of this age may answer such a request. */
    boolean answers(StoredResponse stored, Duration age, HttpHeaders request) {
        if (!answersWhoHaveWaited(stored, age)) {
            return false;
        }
        if (!options.honoursRequestDirectives()) {
            return true;
        }
        Duration left = stored.lifetime().minus(age);
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

    /** The fields of a response that set cookies, where they are stored. */
    HttpHeaders storedCookies(HttpHeaders response) {
        return options.sharesSetCookie() ? StoredFields.settingCookies(response) : HttpHeaders.EMPTY;
    }
}
