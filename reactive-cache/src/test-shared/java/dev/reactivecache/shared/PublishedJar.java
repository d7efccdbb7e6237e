package dev.reactivecache.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jar that the build has just made of a module. */
public final class PublishedJar {
    private PublishedJar() {}

    /** What the module path makes of the jar of an artifact. */
    public static ModuleDescriptor asModule(String artifact) {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            List<Path> jars = files.filter(file -> isOf(artifact, file)).toList();
            return ModuleFinder.of(jars.toArray(Path[]::new)).findAll().stream()
                    .map(ModuleReference::descriptor)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("target/ has no jar of " + artifact));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isOf(String artifact, Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(artifact + "-")
                && name.endsWith(".jar")
                && !name.endsWith("-sources.jar")
                && !name.endsWith("-javadoc.jar");
    }
}
