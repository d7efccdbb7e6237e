package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.spring.CacheProperties.RemoteUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;

/**
 * Builds the application's caches as its properties say, and knows all of them.
 *
 * <pre>{@code
 * @Bean
 * ReactiveCache<Long, Product> products(ReactiveCaches caches, ProductRepository repository) {
 *     return caches.builder("products", Long.class, Product.class).loader(repository::findById).build();
 * }
 * }</pre>
 *
 * <p>Safe for use by any number of threads.
 */
public final class ReactiveCaches {
    private final ReactiveCacheProperties properties;
    private final ListableBeanFactory beans;
    private final ObjectProvider<RemoteTier> tiers;
    private final ObjectProvider<ReactiveCacheCustomizer> customizers;
    private final Codecs codecs;
    private final Set<String> begun = ConcurrentHashMap.newKeySet();

    ReactiveCaches(ReactiveCacheProperties properties, ListableBeanFactory beans) {
        this.properties = properties;
        this.beans = beans;
        this.tiers = beans.getBeanProvider(RemoteTier.class);
        this.customizers = beans.getBeanProvider(ReactiveCacheCustomizer.class);
        this.codecs = new Codecs(beans);
    }

    /**
     * Begins a cache with what {@code reactive-cache.caches.<name>} and {@code reactive-cache.defaults} say, the remote
     * tier if there is one, codecs for its types, and every {@link ReactiveCacheCustomizer}. What is then set on the
     * builder itself wins.
     *
     * @throws ReactiveCacheConfigurationException if a setting is not valid, a codec is missing, or the cache must have
     *     a remote tier and there is none
     * @throws IllegalArgumentException if the name does not match {@code [A-Za-z0-9._-]{1,64}}
     */
    public <K, V> ReactiveCacheBuilder<K, V> builder(String name, Class<K> keyType, Class<V> valueType) {
        return begin(name, ResolvableType.forClass(keyType), ResolvableType.forClass(valueType));
    }

    /** As {@link #builder(String, Class, Class)}, for values of a generic type. */
    public <K, V> ReactiveCacheBuilder<K, V> builder(
            String name, Class<K> keyType, ParameterizedTypeReference<V> valueType) {
        return begin(name, ResolvableType.forClass(keyType), ResolvableType.forType(valueType));
    }

    /** What the definition of a bean calls: a cache whose types are properties, too. */
    ReactiveCache<?, ?> configured(String name) {
        CacheProperties own = properties.of(name);
        try {
            return begin(name, CacheBeans.type(name, own.keyType()), CacheBeans.type(name, own.valueType()))
                    .build();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw notValid(name, e);
        }
    }

    private <K, V> ReactiveCacheBuilder<K, V> begin(String name, ResolvableType keyType, ResolvableType valueType) {
        ReactiveCacheBuilder<K, V> builder = ReactiveCache.builder(requireNonNull(name, "name"));
        CacheProperties settings = properties.of(name);
        RemoteTier tier = tierFor(name, settings);
        try {
            settings.applyTo(builder, tier != null);
        } catch (IllegalArgumentException e) {
            throw notValid(name, e);
        }
        if (tier != null) {
            builder.remote(tier).key(keyCodec(name, keyType));
        }
        if (tier != null || settings.measuresValues()) {
            builder.value(valueCodec(valueType));
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, builder));
        begun.add(name);
        return builder;
    }

    @SuppressWarnings("unchecked")
    private <K> KeyCodec<K> keyCodec(String name, ResolvableType type) {
        return (KeyCodec<K>) codecs.keys(name, type);
    }

    @SuppressWarnings("unchecked")
    private <V> ValueCodec<V> valueCodec(ResolvableType type) {
        return (ValueCodec<V>) codecs.values(type);
    }

    private @Nullable RemoteTier tierFor(String name, CacheProperties settings) {
        RemoteTier tier = settings.wantsRemote() ? tiers.getIfUnique() : null;
        if (tier == null && settings.wantsRemote() && tiers.stream().count() > 1) {
            throw new ReactiveCacheConfigurationException(
                    "cache '" + name + "' cannot choose among several RemoteTier beans",
                    "Mark one of them with @Primary, or build the cache yourself.");
        }
        if (tier == null && settings.remote() == RemoteUse.REQUIRED) {
            throw new ReactiveCacheConfigurationException(
                    "cache '" + name + "' must have a remote tier (remote=required), and there is none",
                    "Set reactive-cache.redis.uri or spring.data.redis.*, or declare a RedisTier bean.");
        }
        return tier;
    }

    private static ReactiveCacheConfigurationException notValid(String name, RuntimeException e) {
        return new ReactiveCacheConfigurationException(
                ReactiveCacheProperties.CACHES + "." + name + ": " + e.getMessage(),
                "Change that setting of " + ReactiveCacheProperties.CACHES + "." + name
                        + ", or of reactive-cache.defaults.",
                e);
    }

    /** All caches that are beans, however they were built. Creates those that are lazy. */
    public List<ReactiveCache<?, ?>> all() {
        return beans.getBeanProvider(ReactiveCache.class).stream()
                .<ReactiveCache<?, ?>>map(cache -> cache)
                .collect(Collectors.toUnmodifiableList());
    }

    /** The cache of this name, if it is a bean. */
    public Optional<ReactiveCache<?, ?>> find(String name) {
        return all().stream().filter(cache -> cache.name().equals(name)).findFirst();
    }

    /**
     * The cache of this name.
     *
     * @throws ReactiveCacheConfigurationException if no bean is a cache of this name; the message names those that are
     */
    public ReactiveCache<?, ?> get(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    private ReactiveCacheConfigurationException unknown(String name) {
        Set<String> known = all().stream().map(ReactiveCache::name).collect(Collectors.toCollection(TreeSet::new));
        return new ReactiveCacheConfigurationException(
                "there is no cache named '" + name + "'; there are " + known,
                "Give " + ReactiveCacheProperties.CACHES + "." + name + " a key-type and a value-type,"
                        + " declare a bean of type ReactiveCache with that name, or correct the name.");
    }

    /** The type of a cache's keys, as far as its bean's definition says. */
    public ResolvableType keyType(String name) {
        return typeOf(name).getGeneric(0);
    }

    /** The type of a cache's values, as far as its bean's definition tells it. */
    public ResolvableType valueType(String name) {
        return typeOf(name).getGeneric(1);
    }

    /** How keys of a cache are spelt, if that is known of their type. */
    public Optional<KeyCodec<?>> keyCodec(String name) {
        ResolvableType type = keyType(name);
        try {
            return type.resolve() == null ? Optional.empty() : Optional.of(codecs.keys(name, type));
        } catch (ReactiveCacheConfigurationException none) {
            return Optional.empty();
        }
    }

    private ResolvableType typeOf(String name) {
        for (String bean : beans.getBeanNamesForType(ReactiveCache.class)) {
            if (beans.getBean(bean, ReactiveCache.class).name().equals(name)) {
                return CacheBeans.declaredType(beans, bean);
            }
        }
        return ResolvableType.NONE;
    }

    /** How many elements at most the result of a {@code Flux} method may have to be stored in a cache. */
    public int maxElements(String name) {
        return properties.of(name).elementsAtMost();
    }

    /** What the properties say about a cache, its own and the defaults; empty for one that is not built by them. */
    public Map<String, Object> settings(String name) {
        return hasBegun(name) ? properties.of(name).told() : Map.of();
    }

    /** Whether a cache of this name was begun here. */
    boolean hasBegun(String name) {
        return begun.contains(name);
    }
}
