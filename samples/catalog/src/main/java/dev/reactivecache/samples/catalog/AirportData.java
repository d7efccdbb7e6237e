package dev.reactivecache.samples.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The data set that comes with this sample: see data/README.md. */
final class AirportData {
    private static final String FILE = "/airports.tsv";

    private AirportData() {}

    /** Reads all of it. Blocks: for start-up only. */
    static List<Airport> read() {
        try (InputStream file = Objects.requireNonNull(AirportData.class.getResourceAsStream(FILE), FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(AirportData::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Airport parse(String line) {
        String[] fields = line.split("\t", -1);
        return new Airport(
                Long.parseLong(fields[0]),
                fields[1],
                textOrNull(fields[2]),
                fields[3],
                fields[4],
                textOrNull(fields[5]),
                fields[6],
                Double.parseDouble(fields[7]),
                Double.parseDouble(fields[8]),
                fields[9].isEmpty() ? null : Integer.valueOf(fields[9]));
    }

    private static @Nullable String textOrNull(String field) {
        return field.isEmpty() ? null : field;
    }
}
