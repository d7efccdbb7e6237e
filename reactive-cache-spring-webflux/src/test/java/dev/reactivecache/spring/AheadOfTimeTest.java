package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/** What Spring makes of the caches ahead of time, for a native image. */
class AheadOfTimeTest {
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ReactiveCacheAutoConfiguration.class,
        dev.reactivecache.spring.cache.ReactiveCacheAnnotationsAutoConfiguration.class
    })
    static class Application {}

    @Test
    @CompileWithForkedClassLoader
    void cachesOfThePropertiesAreThereWithTheirTypes() {
        TestGenerationContext generation = new TestGenerationContext();
        var source = new AnnotationConfigApplicationContext();
        source.register(Application.class);
        configured(source);
        var initializer = new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
        generation.writeGeneratedContent();

        TestCompiler.forSystem().with(generation).compile(compiled -> {
            GenericApplicationContext application = new GenericApplicationContext();
            configured(application);
            try {
                instance(compiled.getClassLoader(), initializer.reflectionName())
                        .initialize(application);
                application.refresh();

                ResolvableType names =
                        ResolvableType.forClassWithGenerics(ReactiveCache.class, Long.class, String.class);
                assertThat(application.getBeanNamesForType(names)).containsExactly("names");
                assertThat(application.getBean("names", ReactiveCache.class).name())
                        .isEqualTo("names");
            } finally {
                application.close();
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static ApplicationContextInitializer<GenericApplicationContext> instance(ClassLoader loader, String type) {
        try {
            return (ApplicationContextInitializer<GenericApplicationContext>)
                    loader.loadClass(type).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void configured(GenericApplicationContext context) {
        TestPropertyValues.of(
                        "reactive-cache.caches.names.key-type=Long", "reactive-cache.caches.names.value-type=String")
                .applyTo(context);
    }

    @Test
    void scriptsAreKept() throws IOException {
        RuntimeHints hints = hints();

        Resource[] scripts =
                new PathMatchingResourcePatternResolver().getResources("classpath*:dev/reactivecache/**/*.lua");

        assertThat(scripts).isNotEmpty();
        for (Resource script : scripts) {
            String path = script.getURI().toString();
            assertThat(RuntimeHintsPredicates.resource()
                            .forResource(path.substring(path.lastIndexOf("dev/reactivecache/"))))
                    .as(path)
                    .accepts(hints);
        }
    }

    /** Hints name types as text, and a name of what is not there is passed over. */
    @Test
    void typesThatHintsNameAreThere() throws ClassNotFoundException {
        RuntimeHints hints = hints();

        List<String> named = new ArrayList<>(ReactiveCacheRuntimeHints.WRITTEN_AS_JSON);
        named.add(ReactiveCacheRuntimeHints.USED_IN_EXPRESSIONS);

        for (String type : named) {
            assertThat(RuntimeHintsPredicates.reflection().onType(Class.forName(type)))
                    .as(type)
                    .accepts(hints);
        }
    }

    private RuntimeHints hints() {
        RuntimeHints hints = new RuntimeHints();
        new ReactiveCacheRuntimeHints().registerHints(hints, getClass().getClassLoader());
        return hints;
    }
}
