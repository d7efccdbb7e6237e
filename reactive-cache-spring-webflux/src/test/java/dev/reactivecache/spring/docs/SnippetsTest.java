package dev.reactivecache.spring.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SnippetsTest {
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyJavaSnippetIsCompiledHere() throws IOException {
        String compiled;
        try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/reactivecache/spring/docs"))) {
            compiled = files.sorted().map(SnippetsTest::read).collect(Collectors.joining());
        }

        List<String> snippets = JAVA.matcher(read(Path.of("../docs/spring.md")))
                .results()
                .map(match -> withoutSpace(match.group(1)))
                .toList();

        assertThat(snippets)
                .hasSizeGreaterThan(4)
                .allSatisfy(snippet -> assertThat(compiled).contains(snippet));
    }

    private static String read(Path file) {
        try {
            return file.toString().endsWith(".md") ? Files.readString(file) : withoutSpace(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s", "");
    }
}
