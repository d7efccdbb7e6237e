package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class ReactiveCachesTest {
    private static final String PRODUCTS = "reactive-cache.caches.products.";
    private static final String PRODUCT = "dev.reactivecache.spring.ReactiveCachesTest$Product";

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class));

    record Product(long id, String name) {}

    private ApplicationContextRunner withProducts() {
        return application.withPropertyValues(PRODUCTS + "key-type=Long", PRODUCTS + "value-type=" + PRODUCT);
    }

    @Test
    void cacheWithBothTypesIsInjectedByItsGenerics() {
        withProducts()
                .withPropertyValues(
                        "reactive-cache.caches.names.key-type=java.lang.Long",
                        "reactive-cache.caches.names.value-type=java.util.List<java.lang.String>")
                .withUserConfiguration(Injected.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Injection injected = context.getBean(Injection.class);
                    assertThat(injected.products().name()).isEqualTo("products");
                    assertThat(injected.names().name()).isEqualTo("names");
                    StepVerifier.create(injected.names()
                                    .put(1L, List.of("lamp"))
                                    .then(injected.names().get(1L)))
                            .expectNext(List.of("lamp"))
                            .verifyComplete();
                });
    }

    @Test
    void anotherBeanOfItsNameFailsTheStart() {
        withProducts()
                .withBean("products", AtomicReference.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(ReactiveCacheConfigurationException.class)
                        .hasMessage("cache 'products' has the name of another bean, of type "
                                + "java.util.concurrent.atomic.AtomicReference"));
    }

    @Test
    void settingsOfTheCacheComeBeforeTheDefaults() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        withProducts()
                .withBean(ReactiveCacheCustomizer.class, () -> (name, builder) -> builder.timer(time))
                .withPropertyValues(
                        "reactive-cache.defaults.ttl=1h",
                        "reactive-cache.defaults.jitter=0",
                        PRODUCTS + "ttl=1m",
                        PRODUCTS + "local.maximum-size=10")
                .run(context -> {
                    ReactiveCache<Long, Product> products = products(context);
                    products.put(1L, new Product(1, "lamp")).block();
                    time.advanceTimeBy(Duration.ofSeconds(59));
                    assertThat(products.get(1L).block()).isNotNull();
                    assertThat(products.lookup(1L, key -> Mono.empty()).block().remainingTtl())
                            .as("the cache's ttl, without jitter")
                            .isEqualTo(Duration.ofSeconds(1));
                });
    }

    @Test
    void windowsAreSettingsOfACacheAndOfAll() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        withProducts()
                .withBean(ReactiveCacheCustomizer.class, () -> (name, builder) -> builder.timer(time))
                .withPropertyValues(
                        "reactive-cache.defaults.ttl=1m",
                        "reactive-cache.defaults.jitter=0",
                        "reactive-cache.defaults.stale-if-error=1h",
                        "reactive-cache.defaults.refresh-backoff.longest=40s",
                        PRODUCTS + "stale-while-revalidate=1m",
                        PRODUCTS + "refresh-backoff.first=2s")
                .run(context -> {
                    ReactiveCache<Long, Product> products = products(context);
                    products.put(1L, new Product(1, "lamp")).block();
                    time.advanceTimeBy(Duration.ofSeconds(61));
                    assertThat(products.peek(1L).block().freshness()).isEqualTo(Freshness.REVALIDATING);
                    time.advanceTimeBy(Duration.ofMinutes(1));
                    assertThat(products.lookup(1L, key -> Mono.error(new IOException("away")))
                                    .block()
                                    .freshness())
                            .isEqualTo(Freshness.STALE_ON_ERROR);
                });
    }

    @Test
    void customizerOfOneCacheGivesItItsLoader() {
        withProducts()
                .withUserConfiguration(Loader.class)
                .run(context -> StepVerifier.create(products(context).getOrFetch(7L))
                        .expectNext(new Product(7, "loaded"))
                        .verifyComplete());
    }

    @Test
    void builderHasTheSettingsAndWhatIsSetOnItWins() {
        application
                .withPropertyValues(PRODUCTS + "ttl=1m", PRODUCTS + "jitter=0")
                .withUserConfiguration(Built.class)
                .run(context -> {
                    ReactiveCache<Long, Product> products = products(context);
                    StepVerifier.create(products.lookup(3L).map(answer -> answer.remainingTtl()))
                            .expectNext(Duration.ofSeconds(30))
                            .verifyComplete();
                });
    }

    @Test
    void beanOfTheApplicationComesFirst() {
        withProducts()
                .withUserConfiguration(Built.class)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ReactiveCache.class));
    }

    @Test
    void cachesAreClosedWithTheContext() {
        AtomicReference<ReactiveCache<Long, Product>> cache = new AtomicReference<>();

        withProducts().run(context -> cache.set(products(context)));

        StepVerifier.create(cache.get().get(1L)).verifyError(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "key-type=Long | value-type is missing | products.value-type",
                "value-type=String | key-type is missing | products.key-type",
                "ttl=1m | has settings, and nobody builds it | .key-type and .value-type",
                "key-type=Long;value-type=Strong | 'Strong' is not a type | full name of the class",
                "key-type=Long;value-type=String;ttl=0s | caches.products: ttl (PT0S) must | that setting",
                "key-type=Long;value-type=String;jitter=1 | caches.products: jitter (1.0) must | that setting",
                "key-type=Long;value-type=String;ttl=1s;local.ttl=2s | local ttl (PT2S) must not be longer | that setting",
                "key-type=Long;value-type=String;tll=1m | no such setting: reactive-cache.caches.products.tll | ttl",
                "key-type=Long;value-type=String;local.max-size=1 | reactive-cache.caches.products.local.max-size | local",
                "key-type=Long;value-type=String;ttl=24001h | must be between a millisecond and 1,000 days | that setting",
                "key-type=Long;value-type=String;remote=required | there is none | reactive-cache.redis.uri",
            })
    void commonMistakeFailsTheStartAndSaysWhatToDo(String settings, String problem, String action) {
        String[] properties = settings.strip().split(";");
        for (int i = 0; i < properties.length; i++) {
            properties[i] = PRODUCTS + properties[i];
        }
        application.withPropertyValues(properties).run(context -> assertFailure(context, problem, action));
    }

    @Test
    void typesAreNoDefault() {
        application
                .withPropertyValues("reactive-cache.defaults.key-type=Long")
                .run(context -> assertFailure(context, "reactive-cache.defaults has a key-type", ".<name>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reactive-cache.defaults.tll=1m",
                "reactive-cache.redis.url=redis://:open-sesame@localhost",
                "reactive-cache.redis.red-timeout=1s"
            })
    void misspeltSettingFailsTheStartWithoutItsValue(String property) {
        application
                .withPropertyValues(property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessage("there is no such setting: " + property.split("=", 2)[0])
                        .satisfies(failure -> assertThat(new ReactiveCacheFailureAnalyzer()
                                        .analyze(failure)
                                        .getAction())
                                .startsWith("Correct or remove it. Settings are ")
                                .doesNotContain("open-sesame")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "${nobody.sets.this:}"})
    void settingThatIsLeftBlankIsNotSet(String blank) {
        withProducts()
                .withPropertyValues(
                        PRODUCTS + "absent-ttl=" + blank,
                        PRODUCTS + "local.ttl=" + blank,
                        "reactive-cache.redis.await-ready=" + blank)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "String | java.lang.String",
                "int | java.lang.Integer",
                "long | java.lang.Long",
                "java.util.List<String> | java.util.List<java.lang.String>",
                "java.util.Map<String, java.util.List<UUID>> | java.util.Map<java.lang.String, java.util.List<java.util.UUID>>",
                "java.util.List<java.lang.String> | java.util.List<java.lang.String>",
            })
    void usualTypesNeedNoPackage(String text, String type) {
        assertThat(TypeText.read(text.strip())).hasToString(type.strip());
    }

    @Test
    void twoCachesOfOneNameFailTheStart() {
        application
                .withBean(
                        "a",
                        ReactiveCache.class,
                        () -> ReactiveCache.builder("same").build())
                .withBean(
                        "b",
                        ReactiveCache.class,
                        () -> ReactiveCache.builder("same").build())
                .run(context -> assertFailure(context, "both caches named 'same'", "another name"));
    }

    @Test
    void unknownNameIsToldWithThoseThatAreKnown() {
        withProducts()
                .withUserConfiguration(Mistaken.class)
                .run(context ->
                        assertFailure(context, "no cache named 'product'; there are [products]", "correct the name"));
    }

    @Test
    void keysWithoutACodecAreToldWhenThereIsARemoteTier() {
        ApplicationContextRunner uris = application.withPropertyValues(
                "reactive-cache.redis.uri=redis://127.0.0.1:1",
                "reactive-cache.caches.pages.key-type=java.net.URI",
                "reactive-cache.caches.pages.value-type=String");

        uris.run(context ->
                assertFailure(context, "for which there is no KeyCodec", "bean of type KeyCodec<java.net.URI>"));
        uris.withUserConfiguration(UriKeys.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @SuppressWarnings("unchecked")
    private static ReactiveCache<Long, Product> products(AssertableApplicationContext context) {
        return context.getBean("products", ReactiveCache.class);
    }

    private static void assertFailure(AssertableApplicationContext context, String problem, String action) {
        assertThat(context).hasFailed();
        FailureAnalysis analysis = new ReactiveCacheFailureAnalyzer().analyze(context.getStartupFailure());
        assertThat(analysis)
                .as(() -> "analysis of " + context.getStartupFailure())
                .isNotNull();
        assertThat(analysis.getDescription()).contains(problem.strip());
        assertThat(analysis.getAction()).contains(action.strip());
    }

    record Injection(ReactiveCache<Long, Product> products, ReactiveCache<Long, List<String>> names) {}

    @Configuration(proxyBeanMethods = false)
    static class Injected {
        @Bean
        Injection injection(ReactiveCache<Long, Product> one, ReactiveCache<Long, List<String>> other) {
            return new Injection(one, other);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Loader {
        @Bean
        ReactiveCacheCustomizer productsLoader() {
            return ReactiveCacheCustomizer.<Long, Product>of(
                    "products", cache -> cache.loader(id -> Mono.just(new Product(id, "loaded"))));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Built {
        @Bean
        ReactiveCache<Long, Product> products(ReactiveCaches caches) {
            ReactiveCacheBuilder<Long, Product> builder = caches.builder("products", Long.class, Product.class);
            return builder.timer(VirtualTimeScheduler.create())
                    .ttl(Duration.ofSeconds(30))
                    .jitter(0)
                    .loader(id -> Mono.just(new Product(id, "built")))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Mistaken {
        @Bean
        String user(ReactiveCaches caches) {
            return caches.get("product").name();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class UriKeys {
        @Bean
        KeyCodec<URI> uris() {
            return KeyCodec.of("URI", URI::toString, URI::create);
        }
    }
}
