package dev.reactivecache.benchmarks;

import dev.reactivecache.benchmarks.growth.GrowthSection;
import dev.reactivecache.benchmarks.lag.LagSection;
import dev.reactivecache.benchmarks.memory.MemorySection;
import dev.reactivecache.benchmarks.origin.OriginSection;
import dev.reactivecache.benchmarks.staleness.StalenessSection;
import dev.reactivecache.benchmarks.stampede.StampedeSection;
import dev.reactivecache.benchmarks.stream.StreamSection;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is measured, with {@code ./mvnw -Pbench}, in about half an hour. System properties: {@code bench.quick}
 * takes about eight minutes, for rough figures; {@code bench.only} has names of sections with commas between;
 * {@code bench.redis} is the {@code redis-server} to start; {@code bench.results} is where results go.
 */
public final class Suite {
    private Suite() {}

    /** Runs the sections. One that fails is told, and ends the program with status 1 once the others are done. */
    public static void main(String[] args) throws Exception {
        Effort effort = System.getProperty("bench.quick", "false").equals("false") ? Effort.FULL : Effort.QUICK;
        String only = System.getProperty("bench.only", "");
        Map<Section, List<Figure>> figures = new LinkedHashMap<>();
        boolean failed = false;
        for (Section section : List.of(
                new LocalHits(),
                new RemoteHits(),
                new StampedeSection(),
                new LagSection(),
                new StalenessSection(),
                new OriginSection(),
                new StreamSection(),
                new MemorySection(),
                new GrowthSection())) {
            if (only.isEmpty() || List.of(only.split(",")).contains(section.name())) {
                System.out.println("measuring: " + section.title());
                long begun = System.nanoTime();
                try {
                    figures.put(section, section.measure(effort));
                    System.out.println("took " + (System.nanoTime() - begun) / 1_000_000_000 + " s");
                } catch (Exception thrown) {
                    System.out.println("failed: " + section.title());
                    thrown.printStackTrace(System.out);
                    failed = true;
                }
            }
        }
        Report report = new Report(figures, effort, LocalRedis.described());
        System.out.println(report.table());
        report.write(Path.of(System.getProperty("bench.results", "benchmarks/results")));
        System.exit(failed ? 1 : 0);
    }
}
