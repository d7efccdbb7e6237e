package dev.reactivecache.spring;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * Types as properties spell them: {@code java.util.List<com.example.Product>}. A few need no package, anywhere in it.
 */
final class TypeText {
    private static final Map<String, Class<?>> SHORT = Map.of(
            "String", String.class,
            "Integer", Integer.class,
            "int", Integer.class,
            "Long", Long.class,
            "long", Long.class,
            "UUID", UUID.class);

    /** A name that is no part of another. */
    private static final Pattern NAME = Pattern.compile("(?<![\\w.$])[A-Za-z]+(?![\\w.$])");

    private TypeText() {}

    /**
     * Reads a type.
     *
     * @throws IllegalArgumentException if there is no such class, or it is no type
     */
    static ResolvableType read(String text) {
        String full = NAME.matcher(text.strip()).replaceAll(name -> Matcher.quoteReplacement(full(name.group())));
        return resolvable(TypeFactory.createDefaultInstance().constructFromCanonical(full));
    }

    private static String full(String name) {
        Class<?> known = SHORT.get(name);
        return known == null ? name : known.getName();
    }

    private static ResolvableType resolvable(JavaType type) {
        if (type.isArrayType()) {
            return type.getContentType().isPrimitive()
                    ? ResolvableType.forClass(type.getRawClass())
                    : ResolvableType.forArrayComponent(resolvable(type.getContentType()));
        }
        ResolvableType[] parameters = type.getBindings().getTypeParameters().stream()
                .map(TypeText::resolvable)
                .toArray(ResolvableType[]::new);
        return parameters.length == 0
                ? ResolvableType.forClass(type.getRawClass())
                : ResolvableType.forClassWithGenerics(type.getRawClass(), parameters);
    }
}
