package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.redis.RedisTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.client.WebClient;

/** The Java of the page about HTTP, compiled. */
@SuppressWarnings("unused")
class HttpPageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Bean
    ReactiveCache<String, StoredResponse> responses(RedisTier redis) {
        return CachedResponses.cache("responses")
                .remote(redis)
                .ttl(Duration.ofMinutes(5))
                .build();
    }

    @Bean
    CachedResponses cachedResponses(ReactiveCache<String, StoredResponse> responses) {
        return CachedResponses.of(responses, "/products/**");
    }

    void options(ReactiveCache<String, StoredResponse> responses) {
        HttpCacheOptions options = HttpCacheOptions.defaults()
                .withVaryBy("Accept", "Accept-Language")
                .withQueryParameters("page", "size")
                .withIgnoredCookies("_ga")
                .withLifetime(Duration.ofSeconds(30));
        CachedResponses cached = CachedResponses.of(responses, "/products/**").withOptions(options);
    }

    void tags(ReactiveCache<String, StoredResponse> responses) {
        CachedResponses tagged =
                CachedResponses.of(responses, "/search", "/products/**").withTags(exchange -> List.of("products"));
    }

    void exchanges(ReactiveCache<String, StoredResponse> responses) {
        WebClient client =
                WebClient.builder().filter(CachedExchanges.of(responses)).build();
    }

    @Test
    void everyJavaSnippetIsCompiledHere() throws IOException {
        String compiled =
                withoutSpace(Files.readString(Path.of("src/test/java/dev/reactivecache/spring/web/HttpPageTest.java")));

        List<String> snippets = JAVA.matcher(Files.readString(ROOT.resolve("docs/http.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(snippets)
                .hasSize(4)
                .allSatisfy(snippet -> assertThat(compiled).contains(withoutSpace(snippet)));
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s", "");
    }
}
