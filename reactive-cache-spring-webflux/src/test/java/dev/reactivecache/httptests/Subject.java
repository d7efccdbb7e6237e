package dev.reactivecache.httptests;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.spring.web.CachedExchanges;
import dev.reactivecache.spring.web.CachedResponses;
import dev.reactivecache.spring.web.HttpCacheOptions;
import dev.reactivecache.spring.web.HttpCacheOptions.RequestDirectives;
import dev.reactivecache.spring.web.StoredResponse;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A cache that the suite looks at. */
enum Subject {
    /** In front of a handler. */
    RESPONSES("CachedResponses", false),
    /** In a client. */
    EXCHANGES("CachedExchanges", false),
    /** In front of a handler, with what is stored in Redis, too. */
    RESPONSES_IN_REDIS("CachedResponses over Redis", true),
    /** In a client, with what is stored in Redis, too. */
    EXCHANGES_IN_REDIS("CachedExchanges over Redis", true);

    private final String title;
    private final boolean remote;

    Subject(String title, boolean remote) {
        this.title = title;
        this.remote = remote;
    }

    /** What it is called in reports. */
    String title() {
        return title;
    }

    /** Those in memory, or all. */
    static List<Subject> those(boolean inMemoryOnly) {
        List<Subject> chosen = new ArrayList<>(List.of(values()));
        chosen.removeIf(subject -> inMemoryOnly && subject.remote);
        return chosen;
    }

    /** A server with this cache, which asks the one at {@code origin}. */
    Forwarder start(URI origin, @Nullable RedisTier redis) {
        ReactiveCacheBuilder<String, StoredResponse> builder =
                CachedResponses.cache(name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (remote && redis != null) {
            builder.remote(redis);
        }
        ReactiveCache<String, StoredResponse> cache = builder.build();
        return this == RESPONSES || this == RESPONSES_IN_REDIS
                ? Forwarder.with(CachedResponses.of(cache, "/test/**").withOptions(options()), origin)
                : Forwarder.with(CachedExchanges.of(cache).withOptions(options()), origin);
    }

    /** As open as RFC 9111 allows a shared cache to be: the defaults are those of handlers whose pages are personal. */
    private static HttpCacheOptions options() {
        return HttpCacheOptions.defaults()
                .withStatuses(
                        200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 405, 410, 414, 499, 500, 501, 502, 503,
                        504, 599)
                .withRequestDirectives(RequestDirectives.HONOUR)
                .withAuthorizedRequests()
                .withAllCookiesIgnored()
                .withGuessedLifetime(Duration.ofDays(1))
                .withValidatedResponses()
                .withSharedSetCookie()
                .withVaryBy();
    }
}
