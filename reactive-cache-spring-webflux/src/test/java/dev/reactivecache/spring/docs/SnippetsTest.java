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
    @Test
    void everyJavaSnippetIsCompiledHere() throws IOException {
        assertThat(snippets("java"))
                .hasSizeGreaterThan(4)
                .allSatisfy(snippet -> assertThat(compiled("java/dev/example")).contains(snippet));
    }

    @Test
    void everyKotlinSnippetIsCompiledAmongTheTestsInKotlin() throws IOException {
        assertThat(snippets("kotlin"))
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(compiled("kotlin/dev/reactivecache/spring/coroutines"))
                        .contains(snippet));
    }

    private static String compiled(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test", folder))) {
            return files.sorted().map(SnippetsTest::read).collect(Collectors.joining());
        }
    }

    private static List<String> snippets(String language) {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(read(Path.of("../docs/spring.md")))
                .results()
                .map(match -> withoutSpace(match.group(1)))
                .toList();
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
