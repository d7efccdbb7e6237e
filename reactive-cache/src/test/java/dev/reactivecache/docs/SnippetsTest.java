package dev.reactivecache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.docs.Snippets.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SnippetsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final List<String> DOCUMENTS = List.of(
            "README.md",
            "docs/guide.md",
            "docs/freshness.md",
            "docs/redis.md",
            "docs/consistency.md",
            "docs/codecs.md",
            "docs/metrics.md");

    static Stream<String> documents() {
        return DOCUMENTS.stream();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyJavaSnippetIsCompiledHere(String document) throws IOException {
        String compiled = withoutSpace(Files.readString(Path.of("src/test/java/dev/reactivecache/docs/Snippets.java")));

        List<String> snippets = JAVA.matcher(Files.readString(ROOT.resolve(document)))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(snippets).allSatisfy(snippet -> assertThat(compiled).contains(withoutSpace(snippet)));
    }

    @Test
    void theReadmeHasSnippets() throws IOException {
        assertThat(JAVA.matcher(Files.readString(ROOT.resolve("README.md"))).results())
                .hasSizeGreaterThan(1);
    }

    @Test
    void theSnippetOnVirtualTimeRuns() {
        new Snippets().guideVirtualTime();
    }

    @Test
    void theUsesInTheReadmeRun() {
        var repository = new Snippets.Repository();
        ReactiveCache<Long, Product> products = ReactiveCache.<Long, Product>builder("products")
                .loader(repository::findById)
                .build();
        Product lamp = new Product(1, "lamp");

        Mono<Product> written = repository.save(lamp).transform(products.writeThrough(1L));
        Mono<Product> read = repository.findById(1).transform(products.readThrough(1L));

        StepVerifier.create(written).expectNext(lamp).verifyComplete();
        StepVerifier.create(read).expectNext(lamp).verifyComplete();
        StepVerifier.create(products.cached(repository::findById).apply(1L))
                .expectNext(lamp)
                .verifyComplete();
        assertThat(products.stats().localHits())
                .as("both reads came from memory")
                .isEqualTo(2);
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s", "");
    }
}
