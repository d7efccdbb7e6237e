package dev.reactivecache.spring;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.core.env.Environment;

/** Tells a test's slice of an application: what the properties are about may not be there, and is not missed. */
public final class ApplicationSlice {
    private ApplicationSlice() {}

    /** Whether auto-configuration is switched off, as the slices of Spring Boot do to choose their own. */
    public static boolean isIn(Environment environment) {
        return !environment.getProperty(EnableAutoConfiguration.ENABLED_OVERRIDE_PROPERTY, Boolean.class, true);
    }
}
