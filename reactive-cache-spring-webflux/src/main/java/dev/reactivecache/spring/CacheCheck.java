package dev.reactivecache.spring;

import dev.reactivecache.ReactiveCache;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Looks, when all is made, whether two caches have one name, and whether settings are left that belong to no cache. */
final class CacheCheck implements SmartInitializingSingleton {
    private final ReactiveCaches caches;
    private final ReactiveCacheProperties properties;
    private final ConfigurableListableBeanFactory beans;
    private final boolean slice;

    /**
     * Creates one.
     *
     * @param slice whether this is a slice, in which settings may be of caches that are not there
     */
    CacheCheck(
            ReactiveCaches caches,
            ReactiveCacheProperties properties,
            ConfigurableListableBeanFactory beans,
            boolean slice) {
        this.caches = caches;
        this.properties = properties;
        this.beans = beans;
        this.slice = slice;
    }

    @Override
    public void afterSingletonsInstantiated() {
        requireNoDefaultTypes();
        Map<String, String> named = new HashMap<>();
        boolean allMade = true;
        for (String bean : beans.getBeanNamesForType(ReactiveCache.class, true, false)) {
            if (beans.containsSingleton(bean)) {
                remember(named, beans.getBean(bean, ReactiveCache.class).name(), bean);
            } else {
                allMade = false; // lazy, or of another scope: its cache's name is not known
            }
        }
        if (allMade && !slice) {
            requireOwners(named.keySet());
        }
    }

    private void requireNoDefaultTypes() {
        CacheProperties defaults = properties.defaults();
        if (defaults != null && (defaults.keyType() != null || defaults.valueType() != null)) {
            throw new ReactiveCacheConfigurationException(
                    "reactive-cache.defaults has a key-type or a value-type",
                    "Types belong to single caches: set them below " + ReactiveCacheProperties.CACHES + ".<name>.");
        }
    }

    private static void remember(Map<String, String> named, String cache, String bean) {
        String other = named.put(cache, bean);
        if (other != null) {
            throw new ReactiveCacheConfigurationException(
                    "the beans '" + other + "' and '" + bean + "' are both caches named '" + cache + "'",
                    "Give one of them another name: caches of one name would take each other's changes for their own.");
        }
    }

    private void requireOwners(Set<String> built) {
        Set<String> left = new HashSet<>(properties.named().keySet());
        left.removeAll(built);
        left.removeIf(caches::hasBegun);
        if (!left.isEmpty()) {
            String name = left.iterator().next();
            throw new ReactiveCacheConfigurationException(
                    "cache '" + name + "' has settings, and nobody builds it",
                    "Set " + ReactiveCacheProperties.CACHES + "." + name
                            + ".key-type and .value-type to make a bean of it,"
                            + " build it with ReactiveCaches, or remove its settings.");
        }
    }
}
