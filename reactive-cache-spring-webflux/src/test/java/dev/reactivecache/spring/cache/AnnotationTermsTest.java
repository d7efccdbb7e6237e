package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCacheCustomizer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tags and times to live that depend on what has been loaded. */
class AnnotationTermsTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration.class, ReactiveCacheAnnotationsAutoConfiguration.class))
            .withBean(Shop.class)
            .withBean(ReactiveCacheCustomizer.class, () -> (name, builder) -> builder.timer(time))
            .withPropertyValues(
                    "reactive-cache.defaults.jitter=0",
                    "reactive-cache.caches.tokens.key-type=String",
                    "reactive-cache.caches.tokens.value-type=" + Token.class.getName(),
                    "reactive-cache.caches.lists.key-type=String",
                    "reactive-cache.caches.lists.value-type=java.util.List<java.lang.String>");

    record Token(@Nullable Duration validFor, Object tags) {}

    static class Shop {
        @ReactiveCacheable(cache = "tokens", key = "#id", tags = "#result.tags", ttl = "#result.validFor")
        public Mono<Token> token(String id, Token token) {
            return Mono.just(token);
        }

        @ReactiveCacheable(cache = "lists", tags = "#result", ttl = "T(java.time.Duration).ofSeconds(#result.size())")
        public Flux<String> many(String id) {
            return Flux.just("red", "blue");
        }

        @ReactiveCacheable(cache = "tokens", tags = "#result.unknown")
        public Mono<Token> mistaken(String id) {
            return Mono.just(new Token(null, List.of()));
        }

        @ReactiveCacheable(cache = "tokens", tags = "#result.tags")
        public Mono<Token> nothing(String id) {
            return Mono.empty();
        }
    }

    @Test
    void timeToLiveIsThatOfTheValue() {
        application.run(context -> {
            call(context, new Token(Duration.ofSeconds(5), List.of()));
            assertThat(left(context)).isEqualTo(Duration.ofSeconds(5));

            time.advanceTimeBy(Duration.ofSeconds(5));

            assertThat(left(context)).as("it has expired").isNull();
        });
    }

    @Test
    void valueWithoutItsOwnTimeHasTheCaches() {
        application.run(context -> {
            call(context, new Token(null, List.of()));

            assertThat(left(context)).isEqualTo(Duration.ofMinutes(10));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0005S"})
    void whatHasExpiredAlreadyIsGivenAndNotStored(Duration over) {
        application.run(context -> {
            Token token = new Token(over, List.of());

            assertThat(call(context, token)).isSameAs(token);
            assertThat(left(context)).isNull();
        });
    }

    @Test
    void whatHardlyEverExpiresDoesSoAtTheLimit() {
        application.run(context -> {
            call(context, new Token(Duration.ofDays(100_000), List.of()));

            assertThat(left(context)).isEqualTo(Duration.ofDays(1_000));
        });
    }

    @Test
    void whatHasATagEndsWithIt() {
        for (Object tags : List.of("red", List.of("blue", "red"), new String[] {"red"}, List.of(Colour.red))) {
            application.run(context -> {
                call(context, new Token(null, tags));
                tokens(context).invalidateTag("green").block();
                assertThat(left(context)).isNotNull();

                tokens(context).invalidateTag("red").block();

                assertThat(left(context)).isNull();
            });
        }
    }

    enum Colour {
        red
    }

    @Test
    void listOfAFluxHasTagsAndATimeOfItsOwn() {
        application.run(context -> {
            assertThat(context.getBean(Shop.class).many("x").collectList().block())
                    .containsExactly("red", "blue");
            ReactiveCache<String, Object> lists = cache(context, "lists");
            assertThat(lists.peek("x").block().remainingTtl()).isEqualTo(Duration.ofSeconds(2));

            lists.invalidateTag("blue").block();

            assertThat(lists.peek("x").block()).isNull();
        });
    }

    @Test
    void whatCannotBeATagOrATimeIsNotStoredAndNoError() {
        application.run(context -> {
            Token odd = new Token(null, "two words");
            assertThat(call(context, odd)).isSameAs(odd);
            assertThat(context.getBean(Shop.class).mistaken("id").block()).isNotNull();

            assertThat(left(context)).isNull();
        });
    }

    @Test
    void nothingHasNoTags() {
        application.run(context ->
                assertThat(context.getBean(Shop.class).nothing("id").block()).isNull());
    }

    private static Token call(AssertableApplicationContext context, Token token) {
        return context.getBean(Shop.class).token("id", token).block();
    }

    private static @Nullable Duration left(AssertableApplicationContext context) {
        return tokens(context).peek("id").map(answer -> answer.remainingTtl()).block();
    }

    private static ReactiveCache<String, Token> tokens(AssertableApplicationContext context) {
        return cache(context, "tokens");
    }

    @SuppressWarnings("unchecked")
    private static <V> ReactiveCache<String, V> cache(AssertableApplicationContext context, String name) {
        return context.getBean(name, ReactiveCache.class);
    }
}
