package dev.reactivecache.spring;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;

/**
 * Finds properties that belong to no setting, most likely misspelt ones, which Spring Boot passes over. Those of the
 * system and of its environment may be of others. Values are not told: one may be a password.
 */
final class KnownSettings {
    private final Binder binder;

    KnownSettings(Binder binder) {
        this.binder = binder;
    }

    /**
     * Binds what there is below a prefix.
     *
     * @throws ReactiveCacheConfigurationException if there is more than the target knows
     */
    void require(String prefix, Bindable<?> target, Class<? extends Record> settings) {
        try {
            binder.bind(
                    prefix,
                    target,
                    new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        } catch (BindException failure) {
            if (!(failure.getCause() instanceof UnboundConfigurationPropertiesException unbound)) {
                throw failure;
            }
            int depth = ConfigurationPropertyName.of(prefix).getNumberOfElements() + (byName(target) ? 1 : 0);
            requireNone(unknown(unbound.getUnboundProperties(), depth, settings), settings);
        }
    }

    private static boolean byName(Bindable<?> target) {
        return Map.class.isAssignableFrom(target.getType().resolve(Object.class));
    }

    /** Those that have any part of another name: a setting that is left blank counts as not bound, too. */
    private static Set<String> unknown(
            Set<ConfigurationProperty> unbound, int depth, Class<? extends Record> settings) {
        Set<String> known = names(settings).collect(Collectors.toSet());
        return unbound.stream()
                .map(ConfigurationProperty::getName)
                .filter(name -> IntStream.range(depth, name.getNumberOfElements())
                        .anyMatch(i -> !known.contains(name.getElement(i, Form.UNIFORM))))
                .map(ConfigurationPropertyName::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> names(Class<?> settings) {
        return Arrays.stream(settings.getRecordComponents())
                .flatMap(component -> Stream.concat(
                        Stream.of(component.getName().toLowerCase(Locale.ROOT)),
                        component.getType().isRecord() ? names(component.getType()) : Stream.empty()));
    }

    private static void requireNone(Set<String> unknown, Class<? extends Record> settings) {
        if (!unknown.isEmpty()) {
            throw new ReactiveCacheConfigurationException(
                    "there is no such setting: " + String.join(", ", unknown),
                    "Correct or remove it. Settings are " + String.join(", ", all(settings)) + ".",
                    null);
        }
    }

    /** As properties spell them. */
    private static List<String> all(Class<? extends Record> settings) {
        return Arrays.stream(settings.getRecordComponents())
                .map(component ->
                        component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }
}
