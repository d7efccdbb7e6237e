package dev.reactivecache.samples.catalog;

import dev.reactivecache.CacheStats;
import dev.reactivecache.samples.catalog.Measurements.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The demo's table: what clients measured, beside what the caches counted. */
final class DemoReport {
    private final List<Measurements> measured;
    private final List<CacheStats> counted;
    private final Measurements total;
    private final Table table = new Table();

    private DemoReport(List<Measurements> measured, List<CacheStats> counted) {
        this.measured = measured;
        this.counted = counted;
        this.total = Measurements.total(measured);
    }

    static Table of(List<Measurements> measured, List<CacheStats> counted) {
        return new DemoReport(measured, counted).table();
    }

    private Table table() {
        header();
        requests("requests", Measurements::requests);
        requests("  reads", Measurements::reads);
        requests("  writes", node -> node.count(Kind.WRITE));
        requests("  deletes", node -> node.count(Kind.DELETE));
        table.rule();
        cached("L1 hits", CacheStats::localHits);
        cached("L2 hits", CacheStats::remoteHits);
        cached("loads", CacheStats::loads);
        cached("coalesced", CacheStats::coalesced);
        events("invalidations seen", CacheStats::invalidations);
        table.rule();
        latency("latency p50, ms", node -> node.millisAt(50));
        latency("latency p99, ms", node -> node.millisAt(99));
        latency("  p50 of L1 hits", node -> node.millisAt(50, Kind.LOCAL_HIT));
        latency("  p50 of L2 hits", node -> node.millisAt(50, Kind.REMOTE_HIT));
        latency("  p50 of loads", node -> node.millisAt(50, Kind.LOAD));
        return table;
    }

    private void header() {
        List<String> cells = new ArrayList<>(List.of(""));
        for (int node = 1; node <= measured.size(); node++) {
            cells.add("node " + node);
        }
        cells.add("total");
        cells.add("%");
        table.row(cells).rule();
    }

    private void requests(String label, ToLongFunction<Measurements> count) {
        List<Long> counts = measured.stream().map(count::applyAsLong).toList();
        counts(label, counts, percent(sum(counts), total.requests()) + " of requests");
    }

    private void cached(String label, ToLongFunction<CacheStats> count) {
        List<Long> counts = counted.stream().map(count::applyAsLong).toList();
        counts(label, counts, percent(sum(counts), total.reads()) + " of reads");
    }

    private void events(String label, ToLongFunction<CacheStats> count) {
        counts(label, counted.stream().map(count::applyAsLong).toList(), "");
    }

    private void counts(String label, List<Long> counts, String share) {
        List<String> cells = new ArrayList<>(List.of(label));
        counts.forEach(count -> cells.add(String.format(Locale.ROOT, "%,d", count)));
        cells.add(String.format(Locale.ROOT, "%,d", sum(counts)));
        cells.add(share);
        table.row(cells);
    }

    private void latency(String label, ToDoubleFunction<Measurements> millis) {
        List<String> cells = new ArrayList<>(List.of(label));
        measured.forEach(node -> cells.add(String.format(Locale.ROOT, "%.2f", millis.applyAsDouble(node))));
        cells.add(String.format(Locale.ROOT, "%.2f", millis.applyAsDouble(total)));
        table.row(cells);
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f", 100.0 * part / whole);
    }
}
