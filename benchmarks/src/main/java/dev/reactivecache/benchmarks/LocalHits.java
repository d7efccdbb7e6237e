package dev.reactivecache.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A hit in memory, measured with JMH: {@link L1Hit} and {@link L1Peers}. Each round gives every contender a JVM of its
 * own, one after the other, so that neither the compiler's luck nor the machine's hour falls on one of them.
 */
final class LocalHits implements Section {
    private static final String BARE = "Caffeine alone, no publisher";
    private static final String BARE_IN_MAP = "Caffeine alone, in map";
    private static final String BARE_IN_FLAT_MAP = "Caffeine alone, Mono.just";
    private static final String FUTURE = "Mono.fromFuture";

    @Override
    public String name() {
        return "l1";
    }

    @Override
    public String title() {
        return "A hit in memory";
    }

    private record Contender(String name, String benchmark, String peer) {}

    @Override
    public List<Figure> measure(Effort effort) throws RunnerException {
        List<Figure> figures = new ArrayList<>();
        List<Contender> bare = List.of(new Contender(BARE, "L1Hit.bareLookup", ""));
        List<Contender> inChain = List.of(
                new Contender(BARE_IN_FLAT_MAP, "L1Hit.bareLookupInFlatMap", ""),
                new Contender(BARE_IN_MAP, "L1Hit.bareLookupInMap", ""));
        figures.addAll(race(effort, "subscribed", 1, bare, "Subscribed", "subscribed"));
        figures.addAll(race(effort, "in flatMap", 1, inChain, "InFlatMap", "inFlatMap"));
        if (!effort.quick()) {
            figures.addAll(race(effort, "subscribed, 2 threads", 2, bare, "Subscribed", "subscribed"));
        }
        return figures;
    }

    private List<Figure> race(
            Effort effort, String work, int threads, List<Contender> bare, String suffix, String ofPeers)
            throws RunnerException {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender(Figure.OURS, "L1Hit.getOrFetch" + suffix, ""));
        contenders.addAll(bare);
        contenders.add(new Contender(FUTURE, "L1Hit.fromFuture" + suffix, ""));
        Map.of(
                        "@Cacheable", "CACHEABLE",
                        "@Cacheable(sync = true)", "CACHEABLE_SYNC",
                        "Redisson RLocalCachedMapReactive", "REDISSON",
                        "JetCache, two levels", "JETCACHE")
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(peer -> contenders.add(new Contender(peer.getKey(), "L1Peers." + ofPeers, peer.getValue())));
        int rounds = effort.quick() ? 2 : effort.rounds();
        Map<Contender, double[]> nanos = new LinkedHashMap<>();
        Map<Contender, double[]> bytes = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : contenders) {
                RunResult result = run(contender, effort, threads);
                nanos.computeIfAbsent(contender, same -> new double[rounds])[round] =
                        result.getPrimaryResult().getScore();
                bytes.computeIfAbsent(contender, same -> new double[rounds])[round] = requireNonNull(
                                result.getSecondaryResults().get("gc.alloc.rate.norm"))
                        .getScore();
            }
        }
        double[] ours = requireNonNull(nanos.get(contenders.get(0)));
        List<Figure> figures = new ArrayList<>();
        nanos.forEach((contender, each) -> figures.add(Figure.of(name(), work, contender.name(), "ns", each, ours)));
        bytes.forEach((contender, each) -> figures.add(
                Figure.alone(name(), work + ", allocated", contender.name(), "B", Figure.quantile(each, 0.5))));
        return figures;
    }

    private static RunResult run(Contender contender, Effort effort, int threads) throws RunnerException {
        int millis = effort.quick() ? 300 : 400;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(contender.benchmark().replace(".", "\\.") + "$")
                .forks(1)
                .threads(threads)
                .warmupIterations(effort.quick() ? 3 : 4)
                .warmupTime(TimeValue.milliseconds(effort.quick() ? 400 : 500))
                .measurementIterations(effort.quick() ? 2 : 5)
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(LocalRedis.jvmArgument())
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (!contender.peer().isEmpty()) {
            options.param("peer", contender.peer());
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.iterator().next();
    }
}
