package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCacheConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What declarations say of keys and values is compared when the application starts, not when somebody calls. */
class AnnotationTypesTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration.class, ReactiveCacheAnnotationsAutoConfiguration.class))
            .withPropertyValues(
                    "reactive-cache.caches.names.key-type=Long",
                    "reactive-cache.caches.names.value-type=String",
                    "reactive-cache.caches.codes.key-type=String",
                    "reactive-cache.caches.codes.value-type=Integer",
                    "reactive-cache.caches.lists.key-type=Long",
                    "reactive-cache.caches.lists.value-type=java.util.List<java.lang.String>",
                    "reactive-cache.caches.numbers.key-type=Long",
                    "reactive-cache.caches.numbers.value-type=java.lang.Number");

    static class IntKey {
        @ReactiveCacheable(cache = "names")
        public Mono<String> name(int id) {
            return Mono.empty();
        }
    }

    static class NamedIntKey {
        @ReactiveCacheable(cache = "names", key = "#a1")
        public Mono<String> name(String other, int id) {
            return Mono.empty();
        }
    }

    static class InvalidatedIntKey {
        @ReactiveCacheInvalidate(cache = "names", key = "#result")
        public Mono<Integer> create(String name) {
            return Mono.empty();
        }
    }

    static class TextKey {
        @ReactiveCacheable(cache = "names")
        public Mono<String> name(String id) {
            return Mono.empty();
        }
    }

    static class LongKeyOfText {
        @ReactiveCacheable(cache = "codes")
        public Mono<Integer> code(long id) {
            return Mono.empty();
        }
    }

    static class OtherValue {
        @ReactiveCacheable(cache = "names")
        public Mono<Integer> name(long id) {
            return Mono.empty();
        }
    }

    static class FluxOfValues {
        @ReactiveCacheable(cache = "names")
        public Flux<String> names(long id) {
            return Flux.empty();
        }
    }

    static class FluxOfOtherValues {
        @ReactiveCacheable(cache = "lists")
        public Flux<Integer> names(long id) {
            return Flux.empty();
        }
    }

    static class SetOfValues {
        @ReactiveCacheable(cache = "lists")
        public Mono<Set<String>> names(long id) {
            return Mono.empty();
        }
    }

    static class WiderValue {
        @ReactiveCacheable(cache = "lists")
        public Mono<Collection<String>> names(long id) {
            return Mono.empty();
        }
    }

    static class NoValue {
        @ReactiveCacheable(cache = "names")
        public Mono<Void> delete(long id) {
            return Mono.empty();
        }
    }

    abstract static class Repository<T, I> {
        @ReactiveCacheable(cache = "names")
        public Mono<T> find(I id) {
            return Mono.empty();
        }
    }

    static class OtherRepository extends Repository<Integer, Long> {}

    static class RightRepository extends Repository<String, Long> {}

    static class Fitting {
        @ReactiveCacheable(cache = "names")
        public Mono<String> boxed(Long id) {
            return Mono.empty();
        }

        @ReactiveCacheable(cache = "numbers")
        public Mono<Integer> narrower(long id) {
            return Mono.empty();
        }

        @ReactiveCacheable(cache = "numbers")
        public Mono<? extends Number> wildcard(Number id) {
            return Mono.empty();
        }

        @ReactiveCacheable(cache = "lists")
        public Flux<String> many(long id) {
            return Flux.empty();
        }

        @ReactiveCacheable(cache = "lists")
        public Mono<ArrayList<String>> one(long id) {
            return Mono.empty();
        }

        @ReactiveCacheable(cache = "names", key = "#id.longValue()")
        public <T> Mono<T> unknown(int id) {
            return Mono.empty();
        }

        @ReactiveCacheInvalidate(cache = "names")
        public Mono<Void> delete(Object id) {
            return Mono.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                IntKey.class,
                NamedIntKey.class,
                InvalidatedIntKey.class,
                TextKey.class,
                LongKeyOfText.class,
                OtherValue.class,
                FluxOfValues.class,
                FluxOfOtherValues.class,
                SetOfValues.class,
                WiderValue.class,
                NoValue.class,
                OtherRepository.class
            })
    void methodThatDoesNotFitItsCacheFailsTheStart(Class<?> bean) {
        withBean(bean)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(ReactiveCacheConfigurationException.class)
                        .hasMessageMatching("cache '.*' has (keys|values) of type .*"));
    }

    @ParameterizedTest
    @ValueSource(classes = {Fitting.class, RightRepository.class})
    void whatFitsOrIsNotKnownStarts(Class<?> bean) {
        withBean(bean).run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void numberOfAnotherSizeGetsItsConversion() {
        withBean(IntKey.class)
                .run(context -> assertThat(action(context.getStartupFailure()))
                        .contains("convert it, as in key = \"#id.longValue()\""));
        withBean(LongKeyOfText.class)
                .run(context -> assertThat(action(context.getStartupFailure()))
                        .contains("convert it, as in key = \"#id.toString()\""));
        withBean(TextKey.class)
                .run(context -> assertThat(action(context.getStartupFailure()))
                        .contains("name the argument that is the key, as in key = \"#id\""));
    }

    @Test
    void fluxIsToldToBeStoredAsAList() {
        withBean(FluxOfValues.class).run(context -> {
            assertThat(context.getStartupFailure())
                    .hasMessageContaining("values of type java.lang.String")
                    .hasMessageContaining("stores its elements as java.util.List<java.lang.String>");
            assertThat(action(context.getStartupFailure())).contains("value-type is java.util.List<java.lang.String>");
        });
    }

    private static String action(Throwable failure) {
        return ((ReactiveCacheConfigurationException) failure).action();
    }

    private ApplicationContextRunner withBean(Class<?> bean) {
        return application.withBean(bean);
    }
}
