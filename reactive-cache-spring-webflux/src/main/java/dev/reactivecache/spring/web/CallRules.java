package dev.reactivecache.spring.web;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.spring.web.ResponseStore.Storable;
import java.time.InstantSource;
import org.springframework.http.HttpHeaders;

/**
 * What all calls of one filter have in common.
 *
 * @param connectorIsPlain whether it is promised that the connector adds nothing, so that this need not be seen
 */
record CallRules(
        StoragePolicy policy,
        HttpCacheOptions options,
        CacheStatus status,
        StoringFailures failures,
        CacheKeys keys,
        ClientStrategies strategies,
        InstantSource clock,
        boolean connectorIsPlain) {

    static CallRules of(
            String cache,
            HttpCacheOptions options,
            ClientStrategies strategies,
            InstantSource clock,
            boolean connectorIsPlain) {
        return new CallRules(
                new StoragePolicy(options),
                options,
                new CacheStatus(cache, options),
                new StoringFailures(cache),
                new CacheKeys(options),
                strategies,
                clock,
                connectorIsPlain);
    }

    /**
     * The response, with what its entry has of its own.
     *
     * @throws IllegalArgumentException if its tags are not valid
     */
    Storable storable(StoredResponse response) {
        String header = options.tagHeader();
        return header == null ? new Storable(response) : new Storable(response, tagged(response.headers(), header));
    }

    private static EntryOptions tagged(HttpHeaders headers, String header) {
        return EntryOptions.defaults().withTags(RunRules.tagsOf(headers, header));
    }
}
