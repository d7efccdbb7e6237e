package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.server.WebHandler;
import reactor.test.StepVerifier;

/** Which keys a client of the invalidations selects. */
class KeyFilterTest {
    record Seat(String tenant, int number) {}

    enum Colour {
        RED
    }

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class))
            .withUserConfiguration(Server.class)
            .withPropertyValues(
                    "reactive-cache.caches.seats.key-type=" + Seat.class.getName(),
                    "reactive-cache.caches.seats.value-type=String",
                    "reactive-cache.caches.names.key-type=Long",
                    "reactive-cache.caches.names.value-type=String");

    @Configuration(proxyBeanMethods = false)
    static class Server {
        @Bean
        WebHandler webHandler(ReactiveCache<Seat, String> seats, ReactiveCache<Long, String> names) {
            return RouterFunctions.toWebHandler(route().GET(
                            "/changes",
                            InvalidationStream.of(List.of(seats, names)).withParameters("access_token"))
                    .build());
        }
    }

    @Test
    void keyIsSelectedAsTheCodecSpellsIt() {
        Random random = new Random(4711);
        for (int i = 0; i < 200; i++) {
            Seat seat = new Seat(random.nextBoolean() ? "a:b\\" + random.nextInt() : "acme", random.nextInt());
            KeyFilter filter =
                    new KeyFilter(Set.of(KeyCodec.ofRecord(Seat.class).encode(seat)), cache -> Optional.empty());
            assertThat(filter.lets("seats", seat)).as("seed 4711, key %s", seat).isTrue();
            assertThat(filter.lets("seats", new Seat(seat.tenant() + "x", seat.number())))
                    .as("seed 4711, another than %s", seat)
                    .isFalse();
        }
        for (Object key : List.of("text", 7, 7L, UUID.randomUUID(), Colour.RED)) {
            assertThat(new KeyFilter(Set.of(key.toString()), cache -> Optional.empty()).lets("any", key))
                    .as("key %s", key)
                    .isTrue();
        }
    }

    @Test
    void codecOfTheApplicationComesBeforeThatOfTheType() {
        KeyCodec<Long> hex = KeyCodec.of("hex", Long::toHexString, text -> Long.parseLong(text, 16));

        KeyFilter filter = new KeyFilter(Set.of("ff"), cache -> Optional.of(hex));

        assertThat(filter.lets("names", 255L)).isTrue();
        assertThat(filter.keyOfNone(List.of("names"))).isEmpty();
    }

    @Test
    void changesOfARecordKeyAreServed() {
        application.run(context -> {
            ReactiveCache<Seat, String> seats = cache(context.getBean("seats"));
            var events = WebTestClient.bindToApplicationContext(context)
                    .build()
                    .get()
                    .uri("/changes?key=acme:5&access_token=x")
                    .accept(MediaType.TEXT_EVENT_STREAM)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .returnResult(ServerSentEvent.class)
                    .getResponseBody();

            StepVerifier.create(events)
                    .expectNextCount(1)
                    .then(() -> seats.invalidateAll(List.of(new Seat("acme", 4), new Seat("acme", 5)))
                            .block())
                    .assertNext(event -> assertThat(event.data().toString()).contains("acme", "5"))
                    .thenCancel()
                    .verify(Duration.ofSeconds(10));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "key=acme, no key of these caches is spelt 'acme'",
        "key=7&key=acme, no key of these caches is spelt 'acme'",
        "key=acme:5&cache=names, no key of these caches is spelt 'acme:5'",
        "keys=7, unknown parameter 'keys'",
        "tag=red, unknown parameter 'tag'"
    })
    void filterThatNothingCanPassIsRefused(String query, String reason) {
        application.run(context -> WebTestClient.bindToApplicationContext(context)
                .build()
                .get()
                .uri("/changes?" + query)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.reason")
                .value(String.class, told -> assertThat(told).startsWith(reason)));
    }

    @SuppressWarnings("unchecked")
    private static ReactiveCache<Seat, String> cache(Object bean) {
        return (ReactiveCache<Seat, String>) bean;
    }
}
