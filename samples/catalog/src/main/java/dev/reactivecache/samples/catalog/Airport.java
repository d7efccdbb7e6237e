package dev.reactivecache.samples.catalog;

import org.jspecify.annotations.Nullable;

/**
 * An airport, as the database has it and as the service shows it.
 *
 * @param id the number that OurAirports gives it
 * @param ident its ICAO code, or another that is unique
 * @param iata its IATA code, if it has one
 * @param size large or medium
 * @param name its name
 * @param municipality the town it serves, if known
 * @param country ISO 3166 code
 * @param latitude in degrees, north positive
 * @param longitude in degrees, east positive
 * @param elevationFt above the sea, in feet, if known
 */
record Airport(
        long id,
        String ident,
        @Nullable String iata,
        String size,
        String name,
        @Nullable String municipality,
        String country,
        double latitude,
        double longitude,
        @Nullable Integer elevationFt) {

    Airport {
        require(id > 0, "id must be above zero");
        requireText("ident", ident, 8);
        requireText("size", size, 8);
        requireText("name", name, 200);
        requireText("country", country, 2);
        require(Math.abs(latitude) <= 90, "latitude must be between -90 and 90");
        require(Math.abs(longitude) <= 180, "longitude must be between -180 and 180");
    }

    Airport withElevationFt(int feet) {
        return new Airport(id, ident, iata, size, name, municipality, country, latitude, longitude, feet);
    }

    private static void requireText(String field, @Nullable String text, int maximum) {
        require(
                text != null && !text.isBlank() && text.length() <= maximum,
                field + " must have 1 to " + maximum + " characters");
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException(rule);
        }
    }
}
