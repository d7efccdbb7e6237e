package dev.reactivecache.spring;

import dev.reactivecache.ReactiveCache;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Makes a bean of each cache that has both types in its properties, unless the application has a bean of that name. Its
 * definition has the types, so that it is found as {@code ReactiveCache<Long, Product>}.
 */
final class CacheBeans implements ImportBeanDefinitionRegistrar, EnvironmentAware {
    static final String FACTORY = "reactiveCaches";

    private @Nullable Environment environment;

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        Binder binder = Binder.get(java.util.Objects.requireNonNull(environment));
        Bindable<Map<String, CacheProperties>> caches = Bindable.mapOf(String.class, CacheProperties.class);
        KnownSettings known = new KnownSettings(binder);
        known.require(ReactiveCacheProperties.CACHES, caches, CacheProperties.class);
        known.require(ReactiveCacheProperties.DEFAULTS, Bindable.of(CacheProperties.class), CacheProperties.class);
        known.require(RedisProperties.PREFIX, Bindable.of(RedisProperties.class), RedisProperties.class);
        binder.bind(ReactiveCacheProperties.CACHES, caches).orElse(Map.of()).forEach((name, settings) -> {
            if (!isDefined(name, settings)) {
                return;
            }
            if (registry.containsBeanDefinition(name)) {
                requireCache(name, registry.getBeanDefinition(name));
            } else {
                registry.registerBeanDefinition(name, definition(name, settings));
            }
        });
    }

    /** A bean of the application's takes a cache's place if it is one; any other would merely hide it. */
    private static void requireCache(String name, BeanDefinition bean) {
        String type =
                bean.getFactoryMethodName() == null ? bean.getBeanClassName() : null; // a method's is not known yet
        if (type == null || isCache(type)) {
            return;
        }
        throw new ReactiveCacheConfigurationException(
                "cache '" + name + "' has the name of another bean, of type " + type,
                "Give that bean another name, or the cache: a cache of properties is a bean of its name.");
    }

    private static boolean isCache(String type) {
        try {
            Class<?> known = ClassUtils.forName(type, null);
            return ReactiveCache.class.isAssignableFrom(known) || FactoryBean.class.isAssignableFrom(known);
        } catch (ClassNotFoundException | LinkageError unknown) {
            return true; // it may be
        }
    }

    private static boolean isDefined(String name, CacheProperties settings) {
        if ((settings.keyType() == null) != (settings.valueType() == null)) {
            String missing = settings.keyType() == null ? "key-type" : "value-type";
            throw new ReactiveCacheConfigurationException(
                    "cache '" + name + "' is half configured: " + missing + " is missing",
                    "Set " + ReactiveCacheProperties.CACHES + "." + name + "." + missing
                            + "; or remove both types, and build the cache with ReactiveCaches.");
        }
        return settings.keyType() != null;
    }

    private static RootBeanDefinition definition(String name, CacheProperties settings) {
        var definition = new RootBeanDefinition(ReactiveCache.class);
        definition.setTargetType(ResolvableType.forClassWithGenerics(
                ReactiveCache.class, type(name, settings.keyType()), type(name, settings.valueType())));
        definition.setFactoryBeanName(FACTORY);
        definition.setFactoryMethodName("configured");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.setDestroyMethodName(""); // CacheCloser does it, with a limit
        definition.setResourceDescription(ReactiveCacheProperties.CACHES + "." + name);
        return definition;
    }

    static ResolvableType type(String cache, @Nullable String text) {
        try {
            return TypeText.read(String.valueOf(text));
        } catch (IllegalArgumentException e) {
            throw new ReactiveCacheConfigurationException(
                    ReactiveCacheProperties.CACHES + "." + cache + ": '" + text + "' is not a type: " + e.getMessage(),
                    "Write the full name of the class, with its type parameters if it has any:"
                            + " java.util.List<com.example.Product>.",
                    e);
        }
    }

    /** The type of a cache as its bean's definition declares it, or one without type parameters. */
    static ResolvableType declaredType(BeanFactory beans, String bean) {
        if (beans instanceof ConfigurableListableBeanFactory factory && factory.containsBeanDefinition(bean)) {
            return factory.getMergedBeanDefinition(bean).getResolvableType().as(ReactiveCache.class);
        }
        return ResolvableType.forClass(ReactiveCache.class);
    }
}
