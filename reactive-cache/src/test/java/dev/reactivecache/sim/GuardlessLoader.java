package dev.reactivecache.sim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Loads the library, and the simulator with it, once more: without one of the library's guards. */
final class GuardlessLoader extends ClassLoader {
    private static final String OURS = "dev.reactivecache.";

    private final Removal removal;

    GuardlessLoader(Removal removal) {
        super(GuardlessLoader.class.getClassLoader());
        this.removal = removal;
    }

    /** A function, made in a loader of its own: nothing that it uses of ours has been used before. */
    @SuppressWarnings("unchecked")
    static <T> LongFunction<T> fresh(Removal removal, Class<? extends LongFunction<T>> type) {
        try {
            Constructor<?> made =
                    new GuardlessLoader(removal).loadClass(type.getName()).getDeclaredConstructor();
            made.setAccessible(true);
            return (LongFunction<T>) made.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = read(name.replace('.', '/') + ".class");
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        byte[] changed = removal.ofClass(name, bytes);
        return defineClass(name, changed, 0, changed.length);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        if (!name.endsWith(".lua")) {
            return super.getResourceAsStream(name);
        }
        byte[] text = read(name);
        if (text == null) {
            return null;
        }
        String file = name.substring(name.lastIndexOf('/') + 1);
        String changed = removal.ofScript(file, new String(text, StandardCharsets.UTF_8));
        return new ByteArrayInputStream(changed.getBytes(StandardCharsets.UTF_8));
    }

    private byte @Nullable [] read(String name) {
        try (InputStream in = getParent().getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
