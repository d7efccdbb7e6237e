package dev.reactivecache.spring.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What may be cached of HTTP, and under which key. Immutable; each {@code with} method returns another one. The
 * defaults store no response that could be meant for one client alone.
 */
public final class HttpCacheOptions {
    private static final HttpCacheOptions DEFAULTS = new HttpCacheOptions(new Settings());

    /** What is set; written only before it is shared. */
    private static final class Settings implements Cloneable {
        private Set<String> varyBy = names(HttpHeaders.ACCEPT);
        private @Nullable Set<String> queryParameters;
        private Set<Integer> statuses = Set.of(200);
        private UsualLifetime usualLifetime = UsualLifetime.of(Duration.ofMinutes(1));
        private boolean storedForValidation;
        private boolean settingCookiesStored;
        private List<String> targetedFields = List.of();
        private int maximumBody = 1 << 20;
        private Set<String> credentials = names(HttpHeaders.PROXY_AUTHORIZATION);
        private @Nullable Set<String> ignoredCookies = Set.of();
        private boolean authorized;
        private RequestDirectives requestDirectives = RequestDirectives.IGNORE;
        private boolean xCache;
        private boolean hostIgnored;
        private @Nullable String tagHeader;

        private Settings copy() {
            try {
                return (Settings) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** What becomes of the {@code Cache-Control} of a request. */
    public enum RequestDirectives {
        /** It does not matter, but for {@code no-store}: a reload button causes no calls. The default of a server. */
        IGNORE,
        /**
         * {@code no-cache}, {@code max-age}, {@code min-fresh} and {@code only-if-cached} do what RFC 9111 says. The
         * default of a client.
         */
        HONOUR
    }

    private final Settings settings;

    private HttpCacheOptions(Settings settings) {
        this.settings = settings;
    }

    private static Set<String> names(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return set;
    }

    /** The defaults that each method names. */
    public static HttpCacheOptions defaults() {
        return DEFAULTS;
    }

    private HttpCacheOptions with(Consumer<Settings> change) {
        Settings copy = settings.copy();
        change.accept(copy);
        return new HttpCacheOptions(copy);
    }

    /**
     * The request header fields that all responses may depend on: they are part of the key, and are added to {@code
     * Vary}. Those that a response's own {@code Vary} names need not be among them; if they are, a lookup is spared.
     * A response that varies by {@code *}, or by a field that tells who asks and is not named here, is not stored.
     * Default: {@code Accept}.
     */
    public HttpCacheOptions withVaryBy(String... headers) {
        Set<String> names = names(headers);
        return with(copy -> copy.varyBy = names);
    }

    /** The query parameters that a response may depend on; others do not matter. Default: the whole query, as it is. */
    public HttpCacheOptions withQueryParameters(String... parameters) {
        Set<String> names = new TreeSet<>(List.of(parameters));
        return with(copy -> copy.queryParameters = names);
    }

    /**
     * The statuses that are stored. Default: 200 alone.
     *
     * @throws IllegalArgumentException if one is 206 or 304, which are parts of responses, or is not from 200 to 599
     */
    public HttpCacheOptions withStatuses(Integer... statuses) {
        Set<Integer> all = Set.of(statuses);
        for (int status : all) {
            if (status < 200 || status > 599 || status == 206 || status == 304) {
                throw new IllegalArgumentException("status (" + status
                        + ") must be from 200 to 599, and neither 206 nor 304, which are not whole");
            }
        }
        return with(copy -> copy.statuses = all);
    }

    /** The statuses that are cacheable by default (RFC 9110, section 15.1), without 206: many errors among them. */
    public HttpCacheOptions withStatusesCacheableByDefault() {
        return with(copy -> copy.statuses = UsualLifetime.CACHEABLE_BY_DEFAULT);
    }

    /**
     * For how long a response is fresh that does not say so itself, by {@code s-maxage}, {@code max-age} or
     * {@code Expires}. Default: 1 minute. The cache's ttl is the limit of all.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public HttpCacheOptions withLifetime(Duration lifetime) {
        if (requireNonNull(lifetime, "lifetime").isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("lifetime (" + lifetime + ") must be above zero");
        }
        UsualLifetime fixed = UsualLifetime.of(lifetime);
        return with(copy -> copy.usualLifetime = fixed);
    }

    /** Responses that do not say for how long they are fresh are not fresh at all. The default of a client. */
    public HttpCacheOptions withExplicitLifetimeOnly() {
        return with(copy -> copy.usualLifetime = UsualLifetime.none());
    }

    /**
     * A response that does not say for how long it is fresh is so for a tenth of the time that has passed since its
     * {@code Last-Modified}, at most {@code longest} (RFC 9111, section 4.2.2); if its status is one of {@link
     * #withStatusesCacheableByDefault()}, or it is {@code public}. In place of {@link #withLifetime}.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public HttpCacheOptions withGuessedLifetime(Duration longest) {
        if (requireNonNull(longest, "guessedLifetime").isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("guessedLifetime (" + longest + ") must be above zero");
        }
        return with(copy -> copy.usualLifetime = UsualLifetime.guessed(longest));
    }

    /**
     * Stores responses also that must be validated before each use, since they say {@code no-cache} or are stale when
     * they come, if they have an {@code ETag} or {@code Last-Modified} to be asked about. Who asks for one has its
     * server or handler asked each time, which may answer 304 and spare the body. Only where one entity tag or date
     * means the same for all who ask. By default they are not stored.
     */
    public HttpCacheOptions withValidatedResponses() {
        return with(copy -> copy.storedForValidation = true);
    }

    /**
     * Stores also responses that set cookies, and sets these for all who are answered with them (RFC 9111, section
     * 7.3). Only where no cookie tells one client from another. By default they are not stored.
     */
    public HttpCacheOptions withSharedSetCookie() {
        return with(copy -> copy.settingCookiesStored = true);
    }

    /**
     * The fields that say what a cache like this one may do, such as {@code CDN-Cache-Control}, most important first:
     * where a response has one that can be read, its {@code Cache-Control} and {@code Expires} do not matter (RFC
     * 9213). They are sent on. Default: none.
     */
    public HttpCacheOptions withTargetedFields(String... headers) {
        List<String> fields = List.of(headers);
        return with(copy -> copy.targetedFields = fields);
    }

    /**
     * The largest body that is stored, in bytes. Default: 1 MiB.
     *
     * @throws IllegalArgumentException if it is below zero
     */
    public HttpCacheOptions withMaximumBody(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("maximumBody (" + bytes + ") must not be below zero");
        }
        return with(copy -> copy.maximumBody = bytes);
    }

    /**
     * More header fields that tell who asks, for example {@code X-Api-Key}: requests with one of them are not cached.
     */
    public HttpCacheOptions withCredentials(String... headers) {
        Set<String> names = names(headers);
        names.add(HttpHeaders.PROXY_AUTHORIZATION);
        return with(copy -> copy.credentials = names);
    }

    /** Cookies that no response depends on, spelt exactly: a request with these alone may be cached. Default: none. */
    public HttpCacheOptions withIgnoredCookies(String... cookies) {
        Set<String> names = Set.copyOf(List.of(cookies));
        return with(copy -> copy.ignoredCookies = names);
    }

    /** No response depends on any cookie. */
    public HttpCacheOptions withAllCookiesIgnored() {
        return with(copy -> copy.ignoredCookies = null);
    }

    /**
     * Caches also for requests of somebody who is known, by {@code Authorization}, a principal or a client certificate,
     * but only responses that say {@code public}, {@code s-maxage} or {@code must-revalidate} (RFC 9111, section 3.5):
     * such a response is handed to all. By default none is.
     */
    public HttpCacheOptions withAuthorizedRequests() {
        return with(copy -> copy.authorized = true);
    }

    /** What becomes of the {@code Cache-Control} of a request. */
    public HttpCacheOptions withRequestDirectives(RequestDirectives directives) {
        requireNonNull(directives, "requestDirectives");
        return with(copy -> copy.requestDirectives = directives);
    }

    /**
     * Scheme, host and port are not part of the key: what was made for one host name answers for all that the
     * application has. Only where no response depends on them, links to itself among them. Not for outgoing calls.
     * Default: they are part of the key.
     */
    public HttpCacheOptions withHostIgnored() {
        return with(copy -> copy.hostIgnored = true);
    }

    /**
     * The response field that names tags, for example {@code Cache-Tag} or {@code Surrogate-Key}, with commas or spaces
     * between them: {@code cache.invalidateTag} then drops all responses that have one. The field is sent on. A
     * response with a tag that is not valid, or with more than 15, is not stored. Default: none.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public HttpCacheOptions withTagHeader(String header) {
        if (requireNonNull(header, "tagHeader").isBlank()) {
            throw new IllegalArgumentException("tagHeader must not be blank");
        }
        return with(copy -> copy.tagHeader = header);
    }

    /** Adds {@code X-Cache: HIT} or {@code MISS}, beside {@code Cache-Status}. */
    public HttpCacheOptions withXCache() {
        return with(copy -> copy.xCache = true);
    }

    Set<String> varyBy() {
        return settings.varyBy;
    }

    @Nullable
    Set<String> queryParameters() {
        return settings.queryParameters;
    }

    Set<Integer> statuses() {
        return settings.statuses;
    }

    UsualLifetime usualLifetime() {
        return settings.usualLifetime;
    }

    boolean storesForValidation() {
        return settings.storedForValidation;
    }

    boolean sharesSetCookie() {
        return settings.settingCookiesStored;
    }

    List<String> targetedFields() {
        return settings.targetedFields;
    }

    int maximumBody() {
        return settings.maximumBody;
    }

    Set<String> credentials() {
        return settings.credentials;
    }

    boolean ignoresCookie(String name) {
        return settings.ignoredCookies == null || settings.ignoredCookies.contains(name);
    }

    boolean ignoresAllCookies() {
        return settings.ignoredCookies == null;
    }

    boolean cachesAuthorized() {
        return settings.authorized;
    }

    boolean honoursRequestDirectives() {
        return settings.requestDirectives == RequestDirectives.HONOUR;
    }

    boolean ignoresHost() {
        return settings.hostIgnored;
    }

    @Nullable
    String tagHeader() {
        return settings.tagHeader;
    }

    boolean hasXCache() {
        return settings.xCache;
    }
}
