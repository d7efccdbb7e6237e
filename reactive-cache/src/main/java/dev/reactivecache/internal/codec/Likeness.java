package dev.reactivecache.internal.codec;

import java.lang.reflect.Array;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a value has lost on its way through a codec. What is equal is alike; arrays, records, collections, maps
 * and optionals are alike if what they hold is. Of a class that does not say what is equal, any two objects pass for
 * alike.
 */
public final class Likeness {
    private static final int DEEPEST = 200; // deeper things pass for alike

    private Likeness() {}

    /** Where and how the two differ, in terms of types and not of values; null if they are alike. */
    public static @Nullable String difference(@Nullable Object before, @Nullable Object after) {
        return difference(before, after, DEEPEST);
    }

    private static @Nullable String difference(@Nullable Object before, @Nullable Object after, int depth) {
        if (depth == 0 || Objects.equals(before, after)) {
            return null;
        }
        if (before == null || after == null) {
            return ": " + name(before) + " became " + name(after);
        }
        if (before.getClass().isArray() && before.getClass() == after.getClass()) {
            return ofArrays(before, after, depth);
        }
        if (before instanceof Record && before.getClass() == after.getClass()) {
            return ofRecords(before, after, depth);
        }
        if (before instanceof Optional<?> one && after instanceof Optional<?> other) {
            return difference(one.orElse(null), other.orElse(null), depth - 1);
        }
        if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
            return ofMaps(one, other, depth);
        }
        if (before instanceof Set<?> one && after instanceof Set<?> other) {
            return ofSets(one, other);
        }
        if (before instanceof List<?> == after instanceof List<?>
                && before instanceof Collection<?> one
                && after instanceof Collection<?> other) {
            return ofElements(one, other, depth);
        }
        if (before.getClass() != after.getClass()) {
            return ": " + name(before) + " became " + name(after);
        }
        return saysWhatIsEqual(before) ? ": " + name(before) + " came back unequal" : null;
    }

    private static @Nullable String ofArrays(Object before, Object after, int depth) {
        int length = Array.getLength(before);
        if (length != Array.getLength(after)) {
            return ": " + name(before) + " changed its length";
        }
        for (int i = 0; i < length; i++) {
            String difference = difference(Array.get(before, i), Array.get(after, i), depth - 1);
            if (difference != null) {
                return "[]" + difference;
            }
        }
        return null;
    }

    private static @Nullable String ofRecords(Object before, Object after, int depth) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Method accessor = component.getAccessor();
            try {
                accessor.setAccessible(true);
                String difference = difference(accessor.invoke(before), accessor.invoke(after), depth - 1);
                if (difference != null) {
                    return "." + component.getName() + difference;
                }
            } catch (ReflectiveOperationException | InaccessibleObjectException closed) {
                return ": " + name(before) + " came back unequal";
            }
        }
        return null;
    }

    private static @Nullable String ofMaps(Map<?, ?> before, Map<?, ?> after, int depth) {
        if (before.size() != after.size()) {
            return ": " + name(before) + " changed its size";
        }
        for (Map.Entry<?, ?> entry : before.entrySet()) {
            Object key = entry.getKey();
            if (after.containsKey(key)) {
                String difference = difference(entry.getValue(), after.get(key), depth - 1);
                if (difference != null) {
                    return "{}" + difference;
                }
            } else if (saysWhatIsEqual(key)) {
                return "{}: key " + name(key) + " came back unequal";
            }
        }
        return null;
    }

    private static @Nullable String ofSets(Set<?> before, Set<?> after) {
        if (before.size() != after.size()) {
            return ": " + name(before) + " changed its size";
        }
        for (Object element : before) {
            if (!after.contains(element) && saysWhatIsEqual(element)) {
                return "[]: " + name(element) + " came back unequal";
            }
        }
        return null;
    }

    private static @Nullable String ofElements(Collection<?> before, Collection<?> after, int depth) {
        if (before.size() != after.size()) {
            return ": " + name(before) + " changed its size";
        }
        Iterator<?> other = after.iterator();
        for (Object element : before) {
            String difference = difference(element, other.next(), depth - 1);
            if (difference != null) {
                return "[]" + difference;
            }
        }
        return null;
    }

    private static boolean saysWhatIsEqual(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        try {
            return value.getClass().getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException every) {
            throw new AssertionError("every object has it", every);
        }
    }

    private static String name(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getTypeName();
    }
}
