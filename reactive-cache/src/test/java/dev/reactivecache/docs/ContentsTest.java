package dev.reactivecache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The list of contents of the long page. */
class ContentsTest {
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("docs/decisions.md");

    @Test
    void contentsNameEachSectionAndRecordInOrder() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);

        List<String> listed = lines.stream()
                .filter(line -> line.matches(" *- \\[.*\\]\\(#.*\\)"))
                .toList();

        assertThat(listed)
                .containsExactlyElementsOf(lines.stream()
                        .filter(line -> line.matches("###? .*") && !line.equals("## Contents"))
                        .map(ContentsTest::entry)
                        .toList());
    }

    /** As GitHub makes a heading's anchor. */
    private static String entry(String heading) {
        String title = heading.substring(heading.indexOf(' ') + 1);
        String anchor =
                title.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
        return (heading.startsWith("###") ? "  " : "") + "- [" + title + "](#" + anchor + ")";
    }
}
