package dev.reactivecache.spring;

import java.util.Map;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/** Types as properties spell them: {@code java.util.List<com.example.Product>}. */
final class TypeText {
    private static final Map<String, Class<?>> SHORT =
            Map.of("String", String.class, "Integer", Integer.class, "Long", Long.class, "UUID", java.util.UUID.class);

    private TypeText() {}

    /**
     * Reads a type.
     *
     * @throws IllegalArgumentException if there is no such class, or it is no type
     */
    static ResolvableType read(String text) {
        Class<?> usual = SHORT.get(text.strip());
        if (usual != null) {
            return ResolvableType.forClass(usual);
        }
        return resolvable(TypeFactory.createDefaultInstance().constructFromCanonical(text.strip()));
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
