package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.redis.RedisTierBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigurationMetadataTest {
    /** Options that are code. */
    private static final Set<String> CODE = Set.of(
            "key",
            "value",
            "local",
            "remote",
            "loader",
            "bulkLoader",
            "bulkLoaderLoaded",
            "tagsOf",
            "ttlOf",
            "observer",
            "loaderContext",
            "refreshContext",
            "timer",
            "build",
            "connect");

    @Test
    void everyPropertyIsDescribed() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            JsonNode properties = JsonMapper.shared().readTree(file).get("properties");

            assertThat(properties).hasSizeGreaterThan(20).allSatisfy(property -> {
                assertThat(property.has("type")).as("%s has a type", property).isTrue();
                if (!property.get("name").asString().matches(".*\\.(enabled|show-values)")) {
                    assertThat(property.path("description").asString(""))
                            .as("%s", property)
                            .matches("(?s)[A-Z].*\\.");
                }
            });
        }
    }

    @Test
    void typesAreNotOfferedAsDefaults() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(JsonMapper.shared().readTree(file).get("properties"))
                    .noneMatch(property ->
                            property.get("name").asString().matches("reactive-cache\\.defaults\\.(key|value)-type"));
        }
    }

    @Test
    void everyOptionOfABuilderIsAProperty() {
        assertThat(names(CacheProperties.class)).containsAll(options(ReactiveCacheBuilder.class));
        assertThat(names(RedisProperties.class)).containsAll(options(RedisTierBuilder.class));
    }

    private static Set<String> names(Class<? extends Record> properties) {
        return Arrays.stream(properties.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
    }

    private static Set<String> options(Class<?> builder) {
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !CODE.contains(name))
                .collect(Collectors.toSet());
    }
}
