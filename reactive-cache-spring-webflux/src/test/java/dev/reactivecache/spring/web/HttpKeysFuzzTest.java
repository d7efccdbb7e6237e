package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** Two requests that a handler can tell apart by what the options select never have one key. */
class HttpKeysFuzzTest {
    private static final Set<String> SELECTED = Set.of("page", "a=b");
    private static final List<String> VARY_BY = List.of("Accept", "Accept-Language");
    private static final CacheKeys KEYS = new CacheKeys(HttpCacheOptions.defaults()
            .withQueryParameters(SELECTED.toArray(String[]::new))
            .withVaryBy(VARY_BY.toArray(String[]::new)));

    private static ServerHttpRequest request(Random random) {
        String context = HeaderTexts.oneOf(random, "", "", "/s", "/s/t");
        String uri = "http://" + HeaderTexts.oneOf(random, "one", "two", "one:8080") + context
                + HeaderTexts.oneOf(random, "/s", "/t", "/s/t", "/", "/page=1") + query(random);
        MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.method(HttpMethod.GET, URI.create(uri));
        request.contextPath(context);
        for (String name : VARY_BY) {
            for (int lines = random.nextInt(3); lines > 0; lines--) {
                request.header(
                        name, HeaderTexts.oneOf(random, "a", "b", "a,b", "", "a\nAccept-Language:b", "\\n", "\\"));
            }
        }
        return request.build();
    }

    private static String query(Random random) {
        StringBuilder query = new StringBuilder();
        for (int pairs = random.nextInt(4); pairs > 0; pairs--) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(HeaderTexts.oneOf(
                            random, "page", "%70age", "", "=page", "utm", "Page", "a%3Db", "a=b", "page%00", ";page"))
                    .append(HeaderTexts.oneOf(random, "", "="))
                    .append(HeaderTexts.oneOf(
                            random,
                            "",
                            "1",
                            "2",
                            "%31",
                            "1%262",
                            "1%26page%3D2",
                            "=1",
                            "%ff",
                            "1+2",
                            "1%202",
                            "1;page=2"));
        }
        return query.toString();
    }

    /** All that a handler can see of what is selected. */
    private static Object view(ServerHttpRequest request) {
        Map<String, Object> view = new TreeMap<>();
        URI uri = request.getURI();
        view.put("server", uri.getScheme() + "://" + uri.getRawAuthority());
        view.put("context", request.getPath().contextPath().value());
        view.put("path", request.getPath().pathWithinApplication().value());
        VARY_BY.forEach(name -> view.put(name, request.getHeaders().getOrEmpty(name)));
        Map<String, Object> parameters = new HashMap<>(request.getQueryParams());
        parameters.keySet().retainAll(SELECTED);
        view.put("parameters", parameters);
        return view;
    }

    @Fuzzed
    void oneKeyMeansOneView() {
        Fuzz.tries(5, draw -> {
            Random random = draw.random();
            Map<String, Object> views = new HashMap<>();
            Map<String, URI> uris = new HashMap<>();
            for (int i = 0; i < 2_000; i++) {
                ServerHttpRequest request = request(random);
                String key = KEYS.of(request);
                Object view = view(request);

                Object before = views.putIfAbsent(key, view);

                assertThat(view)
                        .as("%s and %s have the key %s", uris.putIfAbsent(key, request.getURI()), request.getURI(), key)
                        .isEqualTo(before == null ? view : before);
            }
        });
    }

    @Fuzzed
    void whatIsNotSelectedDoesNotMatter() {
        Fuzz.tries(4_000, draw -> {
            Random random = draw.random();
            URI uri = URI.create("http://one/s?page=" + random.nextInt() + "&utm=" + random.nextInt());
            URI bare = URI.create("http://one/s?utm=x&page=" + uri.getQuery().replaceAll("page=(-?\\d+).*", "$1"));

            assertThat(KEYS.of(MockServerHttpRequest.get(uri.toString()).build()))
                    .isEqualTo(
                            KEYS.of(MockServerHttpRequest.get(bare.toString()).build()));
            assertThat(KEYS.tag(uri)).isEqualTo(KEYS.tag(bare));
        });
    }

    /** Another server may read parameters in other ways: as the last of a name, with semicolons, without decoding. */
    @Fuzzed
    void aKeyOfAnotherServerKeepsWhateverCouldBeASelectedParameter() {
        Fuzz.tries(4_000, draw -> {
            Random random = draw.random();
            URI one = URI.create("http://one/s" + query(random));
            URI other = URI.create("http://one/s" + query(random));
            var none = new HttpHeaders();

            if (KEYS.of(one, none).equals(KEYS.of(other, none))) {
                assertThat(spelt(one)).as("%s and %s", one, other).isEqualTo(spelt(other));
            }
        });
    }

    /** The pairs of a query that have the name of a selected parameter in them, in whatever spelling. */
    private static List<String> spelt(URI uri) {
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        return List.of(query.split("&")).stream()
                .filter(pair -> pair.startsWith("page=")
                        || pair.equals("page")
                        || pair.equals("%70age")
                        || pair.startsWith("%70age=")
                        || pair.contains(";page")
                        || pair.startsWith("=page"))
                .toList();
    }
}
