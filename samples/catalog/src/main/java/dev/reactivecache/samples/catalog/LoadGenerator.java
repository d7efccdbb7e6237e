package dev.reactivecache.samples.catalog;

import dev.reactivecache.samples.catalog.Measurements.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.DiscreteSampler;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Many clients, each on one of the nodes, that read airports as people do: few of them often and most of them seldom
 * (Zipf), with a write now and then. A client waits for an answer, pauses, and asks again.
 */
final class LoadGenerator {
    static final double WRITES = 0.05;
    static final double DELETES = 0.002;

    private static final double SKEW = 1.0;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    /** As a client should that gets this status. */
    private static final Retry REPEAT = Retry.backoff(5, Duration.ofMillis(200))
            .filter(WebClientResponseException.ServiceUnavailable.class::isInstance);

    private static final long SEED = 20_260_101;

    private final List<Airport> airports;
    private final List<Target> targets;
    private final int clients;

    /** A node and what is measured there. */
    private record Target(WebClient web, Measurements measurements) {}

    LoadGenerator(List<String> urls, List<Airport> airports, int clients) {
        this.targets = urls.stream()
                .map(url -> new Target(WebClient.create(url), new Measurements()))
                .toList();
        this.airports = byPopularity(airports);
        this.clients = clients;
    }

    /** Large airports first, in a random order that is always the same. */
    private static List<Airport> byPopularity(List<Airport> airports) {
        List<Airport> ranked = new ArrayList<>(airports);
        Collections.shuffle(ranked, new Random(SEED));
        ranked.sort(Comparator.comparing(Airport::size));
        return ranked;
    }

    /** Asks for the list of routes, so that what is measured later is not the compiler. Reads no airport. */
    Mono<Void> warmUp() {
        return forEachClient(
                WARM_UP,
                (target, visitor) -> target.web()
                        .get()
                        .uri("/")
                        .retrieve()
                        .toBodilessEntity()
                        .then());
    }

    /** Runs for a while. */
    Mono<Void> run(Duration time) {
        return forEachClient(time, (target, visitor) -> visitor.visit(target));
    }

    /** What has been measured so far, for each node. */
    List<Measurements> measurements() {
        return targets.stream().map(Target::measurements).toList();
    }

    private interface Act {
        Mono<Void> on(Target target, Visitor visitor);
    }

    private Mono<Void> forEachClient(Duration time, Act act) {
        return Mono.defer(() -> {
            long end = System.nanoTime() + time.toNanos();
            return Flux.range(0, clients)
                    .flatMap(number -> client(number, act, end), clients)
                    .then();
        });
    }

    private Mono<Void> client(int number, Act act, long end) {
        Target target = targets.get(number % targets.size());
        Visitor visitor = new Visitor(SEED + number);
        return Mono.defer(() -> act.on(target, visitor))
                .then(Mono.delay(PAUSE))
                .repeat(() -> System.nanoTime() < end)
                .then();
    }

    /** Decides what one client does next. Used by one request at a time. */
    private final class Visitor {
        private final UniformRandomProvider random;
        private final DiscreteSampler rank;

        Visitor(long seed) {
            this.random = RandomSource.XO_SHI_RO_256_PP.create(seed);
            this.rank = RejectionInversionZipfSampler.of(random, airports.size(), SKEW);
        }

        Mono<Void> visit(Target target) {
            Airport airport = airports.get(rank.sample() - 1);
            double choice = random.nextDouble();
            long start = System.nanoTime();
            return request(target.web(), airport, choice)
                    .timeout(PATIENCE, Mono.error(() -> unanswered(airport, choice)))
                    .retryWhen(REPEAT)
                    .doOnNext(kind -> target.measurements().succeeded(kind, System.nanoTime() - start))
                    .doOnError(target.measurements()::failed)
                    .onErrorComplete()
                    .then();
        }

        private IllegalStateException unanswered(Airport airport, double choice) {
            String method = choice < DELETES ? "DELETE" : choice < WRITES ? "PUT" : "GET";
            return new IllegalStateException(
                    method + " of airport " + airport.id() + ": no answer in " + PATIENCE.toSeconds() + " seconds");
        }

        private Mono<Kind> request(WebClient web, Airport airport, double choice) {
            if (choice < DELETES) {
                return delete(web, airport);
            }
            return choice < WRITES ? write(web, airport.withElevationFt(random.nextInt(10_000))) : read(web, airport);
        }
    }

    private static Mono<Kind> read(WebClient web, Airport airport) {
        return web.get().uri("/{id}", airport.id()).exchangeToMono(LoadGenerator::kindOfRead);
    }

    /** A deleted airport is no failure: the cache knows that it is gone. */
    private static Mono<Kind> kindOfRead(ClientResponse response) {
        return response.statusCode().is2xxSuccessful() || response.statusCode().value() == 404
                ? response.releaseBody()
                        .thenReturn(Kind.ofOrigin(
                                response.headers().header(AirportHandler.ORIGIN).get(0)))
                : response.createError();
    }

    private static Mono<Kind> write(WebClient web, Airport airport) {
        return web.put()
                .uri("/{id}", airport.id())
                .bodyValue(airport)
                .retrieve()
                .toBodilessEntity()
                .thenReturn(Kind.WRITE);
    }

    private static Mono<Kind> delete(WebClient web, Airport airport) {
        return web.delete()
                .uri("/{id}", airport.id())
                .retrieve()
                .toBodilessEntity()
                .thenReturn(Kind.DELETE);
    }
}
