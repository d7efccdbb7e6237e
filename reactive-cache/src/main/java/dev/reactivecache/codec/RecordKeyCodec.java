package dev.reactivecache.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Spells a record as its components, with a colon in between: {@code eu:42}. A backslash escapes colons and itself. */
final class RecordKeyCodec<R> implements KeyCodec<R> {
    private static final char SEPARATOR = ':';
    private static final char ESCAPE = '\\';

    private static final Map<Class<?>, KeyCodec<?>> SCALARS = Map.of(
            String.class, ScalarKeyCodec.STRING,
            int.class, ScalarKeyCodec.INT,
            Integer.class, ScalarKeyCodec.INT,
            long.class, ScalarKeyCodec.LONG,
            Long.class, ScalarKeyCodec.LONG,
            UUID.class, ScalarKeyCodec.ID);

    private final Class<R> type;
    private final Constructor<R> constructor;
    private final List<Method> accessors;
    private final List<KeyCodec<Object>> codecs;

    RecordKeyCodec(Class<R> type) {
        this(type, List.of());
    }

    private RecordKeyCodec(Class<R> type, List<Class<?>> outer) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        if (components == null || components.length == 0) {
            throw new IllegalArgumentException(type.getName() + " must be a record with at least one component");
        }
        List<Class<?>> path = Stream.concat(outer.stream(), Stream.of(type)).toList();
        this.codecs = Arrays.stream(components)
                .map(component -> codecOf(component, path))
                .toList();
        try {
            this.constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            this.constructor.setAccessible(true);
            this.accessors =
                    Arrays.stream(components).map(RecordComponent::getAccessor).toList();
            this.accessors.forEach(accessor -> accessor.setAccessible(true));
        } catch (NoSuchMethodException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(type.getName() + " must be open to reflection", e);
        }
    }

    @SuppressWarnings("unchecked") // a component's codec only ever gets what its accessor returned
    private KeyCodec<Object> codecOf(RecordComponent component, List<Class<?>> path) {
        return (KeyCodec<Object>) codecFor(component, path);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's class is of its own type
    private KeyCodec<?> codecFor(RecordComponent component, List<Class<?>> path) {
        Class<?> componentType = component.getType();
        KeyCodec<?> scalar = SCALARS.get(componentType);
        if (scalar != null) {
            return scalar;
        }
        if (componentType.isEnum()) {
            return ScalarKeyCodec.ofEnum((Class) componentType);
        }
        if (path.contains(componentType)) {
            throw new IllegalArgumentException("component '" + component.getName() + "' of " + type.getName()
                    + " must not lead back to " + componentType.getName());
        }
        if (componentType.isRecord()) {
            return new RecordKeyCodec<>(componentType, path);
        }
        throw new IllegalArgumentException("component '" + component.getName() + "' of " + type.getName()
                + " must be a String, int, long, UUID, enum or record, not " + componentType.getName());
    }

    @Override
    public String encode(R key) {
        return IntStream.range(0, codecs.size())
                .mapToObj(i -> escape(codecs.get(i).encode(component(key, i))))
                .collect(Collectors.joining(String.valueOf(SEPARATOR)));
    }

    private Object component(R key, int index) {
        try {
            Object value = accessors.get(index).invoke(key);
            if (value == null) {
                throw new CodecException(
                        "component '" + accessors.get(index).getName() + "' must not be null in " + KeyNames.of(key),
                        null);
            }
            return value;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new CodecException("the components of " + KeyNames.of(key) + " cannot be read", e);
        }
    }

    @Override
    public R decode(String text) {
        List<String> parts = split(text);
        if (parts.size() != codecs.size()) {
            throw new CodecException(
                    "'" + text + "' must have " + codecs.size() + " parts to be a key of type " + type.getSimpleName()
                            + ", not " + parts.size(),
                    null);
        }
        Object[] values = IntStream.range(0, codecs.size())
                .mapToObj(i -> codecs.get(i).decode(parts.get(i)))
                .toArray();
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new CodecException("'" + text + "' is not the text of a key of type " + type.getSimpleName(), e);
        }
    }

    private static String escape(String part) {
        return part.replace("\\", "\\\\").replace(":", "\\:");
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == ESCAPE) {
                part.append(escaped(text, ++i));
            } else if (next == SEPARATOR) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(next);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static char escaped(String text, int index) {
        char next = index < text.length() ? text.charAt(index) : ' ';
        if (next != ESCAPE && next != SEPARATOR) {
            throw new CodecException("'" + text + "' has a backslash that escapes nothing", null);
        }
        return next;
    }
}
