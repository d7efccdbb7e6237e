package dev.reactivecache.spring;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A value that may have been set. */
record Setting<T>(@Nullable T value) {

    static <T> Setting<T> of(@Nullable T value) {
        return new Setting<>(value);
    }

    /** Passes it on, if it has been set. */
    void to(Consumer<? super T> target) {
        if (value != null) {
            target.accept(value);
        }
    }
}
