package dev.reactivecache.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.test.StepVerifier;

class CatalogIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final TwoNodes nodes = new TwoNodes();

    private WebTestClient first;
    private WebTestClient second;

    @BeforeEach
    void connect() {
        first = client(nodes.first());
        second = client(nodes.second());
    }

    @Test
    @Tag("smoke")
    void readGoesThroughTheTiers() {
        long heathrow = nodes.fresh(2434);

        assertThat(read(first, heathrow)).isEqualTo("loader");
        assertThat(read(first, heathrow)).isEqualTo("local");
        assertThat(read(second, heathrow)).isEqualTo("remote");
        assertThat(read(second, heathrow)).isEqualTo("local");
        assertThat(airport(second, heathrow).name()).isEqualTo("London Heathrow Airport");
    }

    @Test
    void writeIsSeenByItsWriterAtOnceAndByTheOtherNodeSoon() {
        long kennedy = nodes.fresh(3622);
        read(first, kennedy);
        read(second, kennedy);
        Airport changed = airport(first, kennedy).withElevationFt(14);

        put(first, changed).expectStatus().isOk();

        assertThat(airport(first, kennedy)).isEqualTo(changed);
        await("the other node sees the write", () -> airport(second, kennedy).equals(changed));
    }

    @Test
    void newAirportCanBeWrittenAndRead() {
        Airport ours = new Airport(999_999_999, "XX-1", null, "medium", "New Airport", null, "XX", 1.5, -1.5, null);
        assertThat(status(second, nodes.fresh(ours.id()))).isEqualTo(HttpStatus.NOT_FOUND);

        put(first, ours).expectStatus().isOk();

        assertThat(airport(first, ours.id())).isEqualTo(ours);
        await("the other node forgets that it was absent", () -> status(second, ours.id()) == HttpStatus.OK);
    }

    @Test
    void deletedAirportIsGoneFromEveryNode() {
        long zurich = nodes.fresh(4505);
        read(first, zurich);
        read(second, zurich);

        first.delete().uri("/{id}", zurich).exchange().expectStatus().isNoContent();

        assertThat(status(first, zurich)).isEqualTo(HttpStatus.NOT_FOUND);
        await("the other node sees the deletion", () -> status(second, zurich) == HttpStatus.NOT_FOUND);
    }

    @Test
    void absenceIsCachedAndToldAsAProblem() {
        long nobody = nodes.fresh(999_999_998);

        assertThat(read(first, nobody)).isEqualTo("loader");
        assertThat(read(first, nobody)).isEqualTo("local");
        assertThat(read(second, nobody)).isEqualTo("remote");
        first.get()
                .uri("/{id}", nobody)
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("There is no airport 999999998");
    }

    @Test
    void deletionInRedisByAnybodyMakesEveryNodeLoadAnew() {
        long sydney = nodes.fresh(27145);
        read(first, sydney);
        read(second, sydney);
        long loads = nodes.first().stats().loads() + nodes.second().stats().loads();

        RedisClient anybody = RedisClient.create(nodes.redisUri());
        assertThat(anybody.connect().sync().del("rc:airports:" + sydney)).isEqualTo(1);
        anybody.shutdown();

        await("both nodes asked again", () -> !read(first, sydney).equals("local"));
        await("both nodes asked again", () -> !read(second, sydney).equals("local") || loadsSince(loads) > 0);
        assertThat(loadsSince(loads)).isEqualTo(1);
    }

    @Test
    void searchFindsByNameTownAndCodeAndIsCached() {
        List<Airport> byTown = search("ZURICH").getResponseBody();
        EntityExchangeResult<List<Airport>> again = search("zurich ");

        assertThat(byTown).extracting(Airport::ident).contains("LSMD");
        assertThat(again.getResponseBody()).isEqualTo(byTown);
        assertThat(again.getResponseHeaders().getFirst("X-Cache")).isEqualTo("local");
        assertThat(search("lhr").getResponseBody()).extracting(Airport::id).contains(2434L);
        assertThat(search("__").getResponseBody()).isEmpty();
    }

    @Test
    void invalidationArrivesAsServerSentEvent() {
        long paris = nodes.fresh(4185);
        ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>> type = new ParameterizedTypeReference<>() {};

        StepVerifier.create(WebClient.create(nodes.second().url())
                        .get()
                        .uri("/invalidations")
                        .accept(MediaType.TEXT_EVENT_STREAM)
                        .retrieve()
                        .bodyToFlux(type))
                .assertNext(opening -> assertThat(opening.comment()).isNotNull())
                .then(() -> put(first, airport(first, paris).withElevationFt(393))
                        .expectStatus()
                        .isOk())
                .thenConsumeWhile(event -> !isChangeOf(paris, event))
                .expectNextCount(1)
                .thenCancel()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /abc           |        | id must be a whole number above zero",
                "GET    | /-1            |        | id must be a whole number above zero",
                "DELETE | /1.5           |        | id must be a whole number above zero",
                "GET    | /search        |        | q must have 2 to 50 characters",
                "GET    | /search?q=x    |        | q must have 2 to 50 characters",
                "PUT    | /3             |        | body must be an airport",
                "PUT    | /3             | {      | body is not an airport in JSON",
                "PUT    | /3             | {'id':3,'ident':'A','size':'large','name':' ','country':'XX','latitude':1,'longitude':1} | name must have 1 to 200 characters",
                "PUT    | /3             | {'id':4,'ident':'A','size':'large','name':'N','country':'XX','latitude':1,'longitude':1} | must be the one in the path (3)",
            })
    void badInputIsAnsweredWithAProblem(String method, String path, String body, String detail) {
        WebTestClient.RequestBodySpec request = first.method(org.springframework.http.HttpMethod.valueOf(method))
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON);
        (body == null ? request : request.bodyValue(body.replace('\'', '"')))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, text -> assertThat(text).contains(detail));
    }

    @Test
    void indexAndCountersAreShown() {
        first.get()
                .uri("/")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .value(text -> assertThat(text).contains("/invalidations"));
        first.get()
                .uri("/stats")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.airports.localHits")
                .isNumber()
                .jsonPath("$.searches.loads")
                .isNumber();
    }

    private static WebTestClient client(Node node) {
        return WebTestClient.bindToServer()
                .baseUrl(node.url())
                .responseTimeout(PATIENCE)
                .build();
    }

    private static String read(WebTestClient client, long id) {
        return client.get()
                .uri("/{id}", id)
                .exchange()
                .expectBody(Void.class)
                .returnResult()
                .getResponseHeaders()
                .getFirst("X-Cache");
    }

    private static HttpStatus status(WebTestClient client, long id) {
        return (HttpStatus) client.get()
                .uri("/{id}", id)
                .exchange()
                .returnResult(Void.class)
                .getStatus();
    }

    private static Airport airport(WebTestClient client, long id) {
        return client.get()
                .uri("/{id}", id)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(Airport.class)
                .returnResult()
                .getResponseBody();
    }

    private static WebTestClient.ResponseSpec put(WebTestClient client, Airport airport) {
        return client.put().uri("/{id}", airport.id()).bodyValue(airport).exchange();
    }

    private EntityExchangeResult<List<Airport>> search(String text) {
        return first.get()
                .uri(uri -> uri.path("/search").queryParam("q", "{q}").build(text))
                .exchange()
                .expectBody(new ParameterizedTypeReference<List<Airport>>() {})
                .returnResult();
    }

    private static boolean isChangeOf(long id, ServerSentEvent<Map<String, Object>> event) {
        return "key".equals(event.event())
                && event.data() != null
                && event.data().get("key").equals((int) id);
    }

    private static long loadsSince(long loads) {
        return nodes.first().stats().loads() + nodes.second().stats().loads() - loads;
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail(what + ", within " + PATIENCE);
            }
        }
    }
}
