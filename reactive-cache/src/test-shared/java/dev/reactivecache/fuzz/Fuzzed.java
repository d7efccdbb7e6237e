package dev.reactivecache.fuzz;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A test that draws its own input with {@link Fuzz}. The tag is what {@code ./mvnw -Pfuzz} runs. */
@Test
@Tag("fuzz")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Fuzzed {}
