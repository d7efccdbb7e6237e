package dev.reactivecache.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Holds the public types and members of a module to the list of them that is checked in. Packages named
 * {@code internal} are left out.
 */
public final class ApiList {
    private static final String UPDATE = "api.update";
    private static final String REMEDY = "If the change is meant, note it in CHANGELOG.md and run ./mvnw test"
            + " -pl reactive-cache,reactive-cache-spring-webflux -Dtest=ApiTest -D" + UPDATE;

    private static final Pattern NAME = Pattern.compile("(?:class|interface|enum|record) ([\\w.$]+)");

    private ApiList() {}

    /**
     * Compares the API of the module that has a class with the file {@code src/test/api/<module>.txt}. With the system
     * property {@code api.update} it writes the file instead.
     */
    public static void verify(String module, Class<?> oneOfIts) {
        Path file = Path.of("src/test/api", module + ".txt");
        List<String> now = lines(folderOf(oneOfIts));
        try {
            if (System.getProperty(UPDATE) != null) {
                Files.createDirectories(file.getParent());
                Files.write(file, now);
            }
            List<String> noted = Files.exists(file) ? Files.readAllLines(file) : List.of();
            assertThat(difference(noted, now))
                    .as("the public API of %s: - as noted, + as it is. %s", module, REMEDY)
                    .isEmpty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The lines of each type below a folder with classes: its own first, its members' below it, all sorted. */
    static List<String> lines(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> className(folder.relativize(file)))
                    .filter(name -> !name.contains(".internal.") && !name.endsWith("-info"))
                    .sorted()
                    .map(ApiList::load)
                    .filter(Signatures::isVisible)
                    .flatMap(type -> Stream.concat(Signatures.of(type).stream(), Stream.of("")))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What went and what came: whole types by their first line alone, members with the name of their type. */
    static List<String> difference(List<String> noted, List<String> now) {
        Map<String, List<String>> before = byType(noted);
        Map<String, List<String>> after = byType(now);
        return Stream.concat(missing("- ", before, after), missing("+ ", after, before))
                .toList();
    }

    private static Stream<String> missing(
            String sign, Map<String, List<String>> here, Map<String, List<String>> there) {
        return here.entrySet().stream().flatMap(type -> {
            List<String> others = there.get(type.getKey());
            String header = type.getValue().get(0);
            if (others == null) {
                return Stream.of(sign + header);
            }
            return type.getValue().stream()
                    .filter(line -> !others.contains(line))
                    .map(line -> sign + (line.equals(header) ? line : type.getKey() + ": " + line.strip()));
        });
    }

    /** The lines of each type, its own first, by its name. */
    private static Map<String, List<String>> byType(List<String> lines) {
        Map<String, List<String>> types = new LinkedHashMap<>();
        List<String> type = new ArrayList<>();
        for (String line : lines) {
            if (!line.isEmpty() && !line.startsWith(" ")) {
                Matcher name = NAME.matcher(line);
                type = types.computeIfAbsent(name.find() ? name.group(1) : line, same -> new ArrayList<>());
            }
            if (!line.isEmpty()) {
                type.add(line);
            }
        }
        return types;
    }

    private static String className(Path file) {
        String path = file.toString();
        return path.substring(0, path.length() - ".class".length())
                .replace(file.getFileSystem().getSeparator(), ".");
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiList.class.getClassLoader());
        } catch (ClassNotFoundException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Path folderOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
