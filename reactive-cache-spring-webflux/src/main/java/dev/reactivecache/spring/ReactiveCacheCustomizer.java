package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCacheBuilder;
import java.util.function.Consumer;

/**
 * A bean that has a say in how caches are built: called in order, with each cache that the application's properties or
 * {@link ReactiveCaches} make, after the properties have been applied.
 */
@FunctionalInterface
public interface ReactiveCacheCustomizer {

    /** Changes what it wants to. */
    void customize(String name, ReactiveCacheBuilder<?, ?> builder);

    /**
     * One for a single cache, whose types the caller vouches for:
     *
     * <pre>{@code
     * @Bean
     * ReactiveCacheCustomizer productsLoader(ProductRepository repository) {
     *     return ReactiveCacheCustomizer.<Long, Product>of("products", cache -> cache.loader(repository::findById));
     * }
     * }</pre>
     */
    @SuppressWarnings("unchecked")
    static <K, V> ReactiveCacheCustomizer of(String cache, Consumer<ReactiveCacheBuilder<K, V>> change) {
        requireNonNull(cache, "cache");
        requireNonNull(change, "change");
        return (name, builder) -> {
            if (cache.equals(name)) {
                change.accept((ReactiveCacheBuilder<K, V>) builder);
            }
        };
    }
}
