package dev.reactivecache.spring.cache;

import java.util.Map;

/** What to do about a key of another type than a cache's. */
final class KeyHint {
    private static final Map<Class<?>, String> CONVERSIONS = Map.of(
            Long.class, "longValue()",
            Integer.class, "intValue()",
            String.class, "toString()");

    private KeyHint() {}

    /** A number is most likely the key, of another size; of anything else it is more likely that it is not the key. */
    static String of(Class<?> wanted, Class<?> given) {
        String conversion = CONVERSIONS.get(wanted);
        boolean convertible = wanted == String.class || Number.class.isAssignableFrom(given);
        return conversion != null && convertible
                ? "convert it, as in key = \"#id." + conversion + "\""
                : "name the argument that is the key, as in key = \"#id\"";
    }
}
