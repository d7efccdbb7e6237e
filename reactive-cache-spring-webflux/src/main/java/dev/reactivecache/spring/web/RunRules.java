package dev.reactivecache.spring.web;

import dev.reactivecache.EntryOptions;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** What all runs of handlers behind one filter have in common. */
record RunRules(
        StoragePolicy policy,
        HttpCacheOptions options,
        CacheStatus status,
        StoringFailures failures,
        InstantSource clock,
        Function<? super ServerWebExchange, ? extends Collection<String>> tags) {

    static RunRules of(
            String cache,
            HttpCacheOptions options,
            InstantSource clock,
            Function<? super ServerWebExchange, ? extends Collection<String>> tags) {
        return new RunRules(
                new StoragePolicy(options),
                options,
                new CacheStatus(cache, options),
                new StoringFailures(cache),
                clock,
                tags);
    }

    /**
     * What the entry of a response has of its own.
     *
     * @throws IllegalArgumentException if its tags are not valid
     */
    EntryOptions entry(HttpHeaders response, ServerWebExchange exchange) {
        Set<String> all = new LinkedHashSet<>(tagsOf(response, options.tagHeader()));
        all.addAll(tags.apply(exchange));
        return EntryOptions.defaults().withTags(all);
    }

    /** With commas or spaces between them, as content delivery networks write them. */
    static Set<String> tagsOf(HttpHeaders response, @Nullable String header) {
        Set<String> tags = new LinkedHashSet<>();
        if (header != null) {
            response.getOrEmpty(header)
                    .forEach(line -> Stream.of(line.split("[,\\s]+"))
                            .filter(tag -> !tag.isEmpty())
                            .forEach(tags::add));
        }
        return tags;
    }
}
