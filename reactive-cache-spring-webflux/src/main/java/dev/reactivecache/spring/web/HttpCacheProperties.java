package dev.reactivecache.spring.web;

import dev.reactivecache.spring.web.HttpCacheOptions.RequestDirectives;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the cache of responses.
 *
 * @param paths Patterns of the paths whose responses are cached, as /products/**. Without any there is no such cache.
 * @param cache Name of the cache, whose other settings are those of any cache.
 * @param memory How much responses may take in memory, in place of what the cache's local settings say.
 * @param order Where the filter stands among others. Security must come before it.
 * @param varyBy Request header fields that responses may depend on. Unless set, Accept.
 * @param queryParameters Query parameters that responses may depend on. Unless set, all.
 * @param statuses Statuses of responses that are stored. Unless set, 200.
 * @param statusesCacheableByDefault Whether the statuses are stored that are cacheable by default.
 * @param lifetime How long a response is fresh that does not say so itself. Unless set, a minute.
 * @param explicitLifetimeOnly Whether responses are stored only if they say for how long they are fresh.
 * @param guessedLifetime How long a response is fresh at most whose lifetime is guessed from Last-Modified.
 * @param validatedResponses Whether responses are stored that must be validated before each use.
 * @param sharedSetCookie Whether responses are stored that set cookies, which are then set for all.
 * @param targetedFields Response fields that say in place of Cache-Control what this cache may do.
 * @param maximumBody Largest body that is stored. Unless set, 1MB.
 * @param credentials Request header fields that tell who asks, beside the usual ones.
 * @param ignoredCookies Cookies that no response depends on; * for all.
 * @param authorizedRequests Whether responses to requests with Authorization are stored that say they may be.
 * @param requestDirectives What becomes of the Cache-Control of requests.
 * @param xCache Whether X-Cache is added to responses.
 * @param ignoreHost Whether responses made for one host name answer for all that the application has.
 * @param tagHeader Response header field that names the tags by which responses can be invalidated, as Cache-Tag.
 */
@ConfigurationProperties("reactive-cache.http")
record HttpCacheProperties(
        @DefaultValue List<String> paths,
        @DefaultValue("responses") String cache,
        @Nullable DataSize memory,
        @DefaultValue("0") int order,
        @Nullable List<String> varyBy,
        @Nullable List<String> queryParameters,
        @Nullable Set<Integer> statuses,
        @DefaultValue("false") boolean statusesCacheableByDefault,
        @Nullable Duration lifetime,
        @DefaultValue("false") boolean explicitLifetimeOnly,
        @Nullable Duration guessedLifetime,
        @DefaultValue("false") boolean validatedResponses,
        @DefaultValue("false") boolean sharedSetCookie,
        @Nullable List<String> targetedFields,
        @Nullable DataSize maximumBody,
        @Nullable List<String> credentials,
        @Nullable List<String> ignoredCookies,
        @DefaultValue("false") boolean authorizedRequests,
        @Nullable RequestDirectives requestDirectives,
        @DefaultValue("false") boolean xCache,
        @DefaultValue("false") boolean ignoreHost,
        @Nullable String tagHeader) {

    private static final String PREFIX = "reactive-cache.http.";
    private static final List<String> EVERY_COOKIE = List.of("*");

    /**
     * What these settings make of the defaults.
     *
     * @throws IllegalArgumentException if one is out of its range, or two exclude each other
     */
    HttpCacheOptions options() {
        checkExclusions();
        HttpCacheOptions options = HttpCacheOptions.defaults();
        options = with(options, names(varyBy), HttpCacheOptions::withVaryBy);
        options = with(options, names(queryParameters), HttpCacheOptions::withQueryParameters);
        options = with(
                options, statuses == null ? null : statuses.toArray(Integer[]::new), HttpCacheOptions::withStatuses);
        options = statusesCacheableByDefault ? options.withStatusesCacheableByDefault() : options;
        options = with(options, lifetime, HttpCacheOptions::withLifetime);
        options = with(options, guessedLifetime, HttpCacheOptions::withGuessedLifetime);
        options = validatedResponses ? options.withValidatedResponses() : options;
        options = sharedSetCookie ? options.withSharedSetCookie() : options;
        options = with(options, names(targetedFields), HttpCacheOptions::withTargetedFields);
        options = with(options, maximumBody == null ? null : bodyBytes(maximumBody), HttpCacheOptions::withMaximumBody);
        options = with(options, names(credentials), HttpCacheOptions::withCredentials);
        options = with(options, requestDirectives, HttpCacheOptions::withRequestDirectives);
        options = EVERY_COOKIE.equals(ignoredCookies)
                ? options.withAllCookiesIgnored()
                : with(options, names(ignoredCookies), HttpCacheOptions::withIgnoredCookies);
        options = explicitLifetimeOnly ? options.withExplicitLifetimeOnly() : options;
        options = with(options, tagHeader, HttpCacheOptions::withTagHeader);
        options = ignoreHost ? options.withHostIgnored() : options;
        options = authorizedRequests ? options.withAuthorizedRequests() : options;
        return xCache ? options.withXCache() : options;
    }

    private void checkExclusions() {
        if (explicitLifetimeOnly && lifetime != null) {
            throw new IllegalArgumentException(
                    PREFIX + "lifetime (" + lifetime + ") and explicit-lifetime-only exclude each other");
        }
        if (guessedLifetime != null && (explicitLifetimeOnly || lifetime != null)) {
            throw new IllegalArgumentException(
                    PREFIX + "guessed-lifetime (" + guessedLifetime + ") excludes lifetime and explicit-lifetime-only");
        }
        if (statusesCacheableByDefault && statuses != null) {
            throw new IllegalArgumentException(
                    PREFIX + "statuses (" + statuses + ") and statuses-cacheable-by-default exclude each other");
        }
    }

    private static <T> HttpCacheOptions with(
            HttpCacheOptions options, @Nullable T setting, BiFunction<HttpCacheOptions, T, HttpCacheOptions> change) {
        return setting == null ? options : change.apply(options, setting);
    }

    private static String @Nullable [] names(@Nullable List<String> names) {
        return names == null ? null : names.toArray(String[]::new);
    }

    private static int bodyBytes(DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(PREFIX + "maximum-body (" + size + ") must be below 2GB");
        }
        return (int) size.toBytes();
    }

    DataSize memoryOrDefault() {
        return memory == null ? CachedResponses.DEFAULT_MEMORY : memory;
    }
}
