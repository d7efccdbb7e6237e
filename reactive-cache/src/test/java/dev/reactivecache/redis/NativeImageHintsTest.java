package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar's hints for native images name what is there. */
class NativeImageHintsTest {
    private static final String FOLDER = "/META-INF/native-image/dev.reactivecache/reactive-cache/";
    private static final Path SOURCES = Path.of("src/main/java");

    private static JsonNode hints(String file) throws IOException {
        try (InputStream in = NativeImageHintsTest.class.getResourceAsStream(FOLDER + file)) {
            return JsonMapper.shared().readTree(in);
        }
    }

    @Test
    void eachMethodThatIsLookedUpByNameIsHinted() throws Exception {
        JsonNode types = hints("reflect-config.json");
        assertThat(types).isNotEmpty();

        for (JsonNode type : types) {
            Class.forName(type.at("/condition/typeReachable").asString());
            for (JsonNode method : type.get("methods")) {
                Method there = Class.forName(type.get("name").asString())
                        .getDeclaredMethod(method.get("name").asString());
                assertThat(there).isNotNull();
            }
        }
        assertThat(lookedUp()).as("the names that the code looks up").containsExactly("getFirstUri");
    }

    /** The names of methods in the code of this room that are given as text. */
    private static List<String> lookedUp() throws IOException {
        Pattern lookUp = Pattern.compile("getDeclaredMethod\\(\\s*\"(\\w+)\"");
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> lookUp.matcher(text(file)).results())
                    .map(found -> found.group(1))
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    @Test
    void scriptsAreKept() throws Exception {
        Pattern kept = Pattern.compile(hints("resource-config.json")
                .at("/resources/includes/0/pattern")
                .asString());

        for (Script script : Script.values()) {
            assertThat(script.source()).isNotEmpty();
        }
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/reactivecache/redis"))) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat("dev/reactivecache/redis/" + file.getFileName())
                            .matches(kept));
        }
    }
}
