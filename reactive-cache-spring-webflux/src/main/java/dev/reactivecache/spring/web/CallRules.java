package dev.reactivecache.spring.web;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.spring.web.ResponseStore.Storable;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.springframework.web.reactive.function.client.ClientRequest;

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
        boolean connectorIsPlain,
        Function<? super ClientRequest, ? extends Collection<String>> tags) {

    static CallRules of(
            String cache,
            HttpCacheOptions options,
            ClientStrategies strategies,
            InstantSource clock,
            boolean connectorIsPlain,
            Function<? super ClientRequest, ? extends Collection<String>> tags) {
        return new CallRules(
                new StoragePolicy(options),
                options,
                new CacheStatus(cache, options),
                new StoringFailures(cache),
                new CacheKeys(options),
                strategies,
                clock,
                connectorIsPlain,
                tags);
    }

    /**
     * The response, with what its entry has of its own.
     *
     * @throws IllegalArgumentException if its tags are not valid
     */
    Storable storable(StoredResponse response, ClientRequest request) {
        Set<String> all = new LinkedHashSet<>(tags.apply(request));
        if (options.tagHeader() != null) {
            all.addAll(RunRules.tagsOf(response.headers(), options.tagHeader()));
        }
        return all.isEmpty()
                ? new Storable(response)
                : new Storable(response, EntryOptions.defaults().withTags(all));
    }
}
