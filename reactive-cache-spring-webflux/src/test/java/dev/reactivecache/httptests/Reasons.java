package dev.reactivecache.httptests;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/** Why tests of the suite are not passed: by their names, or by how their names begin. */
final class Reasons {
    private final Properties texts = new Properties();

    Reasons() {
        try (Reader file = new InputStreamReader(
                Objects.requireNonNull(Reasons.class.getResourceAsStream("/http-tests/reasons.properties")),
                StandardCharsets.UTF_8)) {
            texts.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The reason that is written for this test, by the longest beginning of its name that has one. */
    String of(String test) {
        for (int end = test.length(); end > 0; end--) {
            String text = texts.getProperty(test.substring(0, end));
            if (text != null) {
                return text;
            }
        }
        return "not explained";
    }
}
