package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.shared.PublishedJar;
import java.lang.module.ModuleDescriptor;
import org.junit.jupiter.api.Test;

class ModuleNameIT {
    @Test
    void jarHasTheSameModuleNameWhateverItsFileIsCalled() {
        ModuleDescriptor module = PublishedJar.asModule("reactive-cache-spring-webflux");

        assertThat(module.isAutomatic()).isTrue();
        assertThat(module.name()).isEqualTo("dev.reactivecache.spring");
        assertThat(module.packages()).contains("dev.reactivecache.spring");
    }
}
