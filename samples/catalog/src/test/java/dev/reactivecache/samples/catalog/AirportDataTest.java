package dev.reactivecache.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AirportDataTest {
    private final List<Airport> airports = AirportData.read();

    @Test
    void everyRowIsAnAirportOfItsOwn() {
        assertThat(airports).hasSize(5_210);
        assertThat(airports.stream().map(Airport::id)).doesNotHaveDuplicates();
        assertThat(airports).allSatisfy(airport -> assertThat(airport.size()).isIn("large", "medium"));
    }

    @Test
    void fieldsAreInTheirPlaces() {
        assertThat(airports)
                .contains(new Airport(
                        2434,
                        "EGLL",
                        "LHR",
                        "large",
                        "London Heathrow Airport",
                        "London",
                        "GB",
                        51.4706,
                        -0.46194,
                        83));
    }

    @Test
    void anAirportThatCannotBeIsRefused() {
        Airport heathrow = new Airport(
                2434, "EGLL", "LHR", "large", "London Heathrow Airport", "London", "GB", 51.4706, -0.46194, 83);

        assertThatThrownBy(() -> new Airport(0, "EGLL", null, "large", "Name", null, "GB", 1, 1, null))
                .hasMessage("id must be above zero");
        assertThatThrownBy(() -> new Airport(1, "EGLL", null, "large", " ", null, "GB", 1, 1, null))
                .hasMessage("name must have 1 to 200 characters");
        assertThatThrownBy(() -> new Airport(1, "EGLL", null, "large", "Name", null, "GB", 91, 1, null))
                .hasMessage("latitude must be between -90 and 90");
        assertThat(heathrow.withElevationFt(84).elevationFt()).isEqualTo(84);
    }
}
