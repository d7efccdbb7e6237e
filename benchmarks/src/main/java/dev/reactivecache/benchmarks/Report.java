package dev.reactivecache.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler.LegendPosition;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What was measured: as a table, as JSON, and as a chart for each section. */
final class Report {
    private final Map<Section, List<Figure>> figures;
    private final Effort effort;
    private final String server;

    /** @param server which Redis was used */
    Report(Map<Section, List<Figure>> figures, Effort effort, String server) {
        this.figures = figures;
        this.effort = effort;
        this.server = server;
    }

    private String machine() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, Java %s, %s, %s",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                System.getProperty("os.arch"),
                server);
    }

    /** In Markdown: a table for each section, a line for each contender at each work. */
    String table() {
        StringBuilder text = new StringBuilder("Measured " + machine() + (effort.quick() ? ", quickly" : "") + ".\n");
        figures.forEach((section, rows) -> {
            text.append("\n## ").append(section.title()).append("\n\n");
            text.append("| work | contender | median | quartiles | times ours | quartiles |\n");
            text.append("| --- | --- | ---: | ---: | ---: | ---: |\n");
            rows.forEach(row -> text.append(line(row)));
        });
        return text.toString();
    }

    private static String line(Figure row) {
        boolean spread = row.low() != row.high();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s %s | %s | %s | %s |%n",
                row.work(),
                row.contender(),
                Double.isNaN(row.value()) ? "" : number(row.value()),
                row.unit(),
                spread ? number(row.low()) + " – " + number(row.high()) : "",
                row.ratio() == null ? "" : number(row.ratio()),
                row.ratioLow() == null || row.ratioHigh() == null
                        ? ""
                        : number(row.ratioLow()) + " – " + number(row.ratioHigh()));
    }

    /** With three digits that count. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        int whole = (int) Math.floor(Math.log10(Math.abs(value))) + 1;
        return String.format(Locale.ROOT, "%,." + Math.max(0, 3 - Math.max(1, whole)) + "f", value);
    }

    /** Writes {@code results.json}, {@code results.md}, and {@code <section>.svg}. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(
                folder.resolve("results.json"),
                json.writeValueAsString(Map.of(
                                "machine",
                                machine(),
                                "quick",
                                effort.quick(),
                                "figures",
                                figures.values().stream().flatMap(List::stream).toList()))
                        + "\n");
        Files.writeString(folder.resolve("results.md"), "# Results\n\n" + table());
        for (Map.Entry<Section, List<Figure>> section : figures.entrySet()) {
            chart(section.getKey(), section.getValue(), folder);
        }
    }

    /** Of what is compared with ours, how many times ours it is; of all else, the value. */
    private static void chart(Section section, List<Figure> rows, Path folder) throws IOException {
        boolean ratios = rows.stream().anyMatch(row -> row.ratio() != null);
        List<Figure> shown =
                rows.stream().filter(row -> !ratios || row.ratio() != null).toList();
        List<String> works = shown.stream().map(Figure::work).distinct().toList();
        CategoryChart chart = new CategoryChartBuilder()
                .width(Math.max(1_000, 160 * works.size()))
                .height(500)
                .title(section.title() + (ratios ? ": as a multiple of Reactive Cache's" : ""))
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setXAxisLabelRotation(works.size() > 4 ? 20 : 0); // or they cover each other
        for (String contender : shown.stream().map(Figure::contender).distinct().toList()) {
            List<Double> heights = new ArrayList<>();
            for (String work : works) {
                heights.add(shown.stream()
                        .filter(row ->
                                row.work().equals(work) && row.contender().equals(contender))
                        .map(row -> row.ratio() != null ? row.ratio() : row.value())
                        .findFirst()
                        .orElse(Double.NaN));
            }
            chart.addSeries(contender, works, heights);
        }
        ChartEncoder.saveChart(chart, folder.resolve(section.name() + ".svg").toString(), "svg");
    }
}
