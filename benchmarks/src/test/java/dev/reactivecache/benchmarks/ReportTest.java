package dev.reactivecache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
    private static final double[] OURS = {10, 20, 10, 10, 40};
    private static final double[] PEER = {20, 40, 30, 20, 40};

    private static final Section SECTION = new Section() {
        @Override
        public String name() {
            return "some";
        }

        @Override
        public String title() {
            return "Some work";
        }

        @Override
        public List<Figure> measure(Effort effort) {
            return List.of(
                    Figure.of("some", "reads", Figure.OURS, "us", OURS, OURS),
                    Figure.of("some", "reads", "a peer", "us", PEER, OURS),
                    Figure.alone("some", "loads", "a peer", "loads", 4));
        }
    };

    private static Report report() throws Exception {
        Map<Section, List<Figure>> figures = new LinkedHashMap<>();
        figures.put(SECTION, SECTION.measure(Effort.QUICK));
        return new Report(figures, Effort.QUICK, "some Redis");
    }

    @Test
    void aPeerIsComparedWithOursRoundByRound() {
        Figure peer = Figure.of("some", "reads", "a peer", "us", PEER, OURS);

        assertThat(peer.value()).isEqualTo(30);
        assertThat(Objects.requireNonNull(peer.ratio())).isCloseTo(2, within(1e-9));
        assertThat(Objects.requireNonNull(peer.ratioLow())).isCloseTo(2, within(1e-9));
        assertThat(Objects.requireNonNull(peer.ratioHigh())).isCloseTo(2, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0.25, 2", "0.5, 3", "0.75, 4", "1, 5"})
    void aQuantileIsTheValueAtItsPlace(double share, double expected) {
        assertThat(Figure.quantile(new double[] {5, 3, 1, 4, 2}, share)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, '0'", "0.01234, '0.01'", "1.234, '1.23'", "61.58, '61.6'", "1586.4, '1,586'"})
    void numbersHaveThreeDigitsThatCount(double value, String expected) {
        assertThat(Report.number(value)).isEqualTo(expected);
    }

    @Test
    void theTableHasALineForEachFigure() throws Exception {
        assertThat(report().table())
                .contains("## Some work")
                .contains("| reads | a peer | 30.0 us | 20.0 – 40.0 | 2.00 | 2.00 – 2.00 |")
                .contains("| loads | a peer | 4.00 loads |  |  |  |");
    }

    @Test
    void filesAreWritten(@TempDir Path folder) throws Exception {
        report().write(folder);

        assertThat(folder.resolve("results.json")).content().contains("\"contender\" : \"a peer\"");
        assertThat(folder.resolve("results.md"))
                .content()
                .startsWith("# Results")
                .contains("a peer");
        assertThat(folder.resolve("some.svg")).content().contains("<svg").contains("<path");
    }
}
