package dev.reactivecache.sim;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** What loaders do: they take their time, read the source at some moment within it, and now and then fail or hang. */
final class Loads {
    /** What a load sees that nobody waits for. */
    static final Context WITHOUT_READERS = Context.of(Loads.NOBODY_WAITS, true);

    private static final String NOBODY_WAITS = "nobody waits";
    private static final long MILLIS = 1_000_000;

    private final long seed;
    private final World world;
    private final Terms terms;
    private final ServerLog log;
    private final Source source;
    private final Oracle oracle;
    private final Map<Slot, Integer> ordinals = new HashMap<>();
    private int names;
    private boolean calm;

    Loads(long seed, World world, Terms terms, ServerLog log, Source source, Oracle oracle) {
        this.seed = seed;
        this.world = world;
        this.terms = terms;
        this.log = log;
        this.source = source;
        this.oracle = oracle;
    }

    /** One load for each subscription, of a value without tags. */
    Mono<String> of(SimProcess process, Slot slot) {
        return of(process, slot, false);
    }

    /** Loads that work, from now on. */
    void calm() {
        calm = true;
    }

    /** The same, of a value that may have tags. */
    Mono<Loaded<String>> tagged(SimProcess process, Slot slot) {
        return of(process, slot, true)
                .map(value -> Loaded.of(value)
                        .with(EntryOptions.defaults().withTags(Objects.requireNonNull(log.maker(value)).tags)));
    }

    private Mono<String> of(SimProcess process, Slot slot, boolean tagged) {
        return Mono.deferContextual(seen -> of(process, slot, tagged, seen.hasKey(NOBODY_WAITS)));
    }

    private Mono<String> of(SimProcess process, Slot slot, boolean tagged, boolean nobodyWaits) {
        return Mono.create(sink -> {
            Maker load = new Maker(Maker.Kind.LOAD, "L" + ++names, process, slot, world.now());
            SplittableRandom random = new SplittableRandom(
                    seed ^ slot.toString().hashCode() * 0x9e3779b97f4a7c15L + ordinals.merge(slot, 1, Integer::sum));
            Aging.Phase phase = calm ? null : terms.aging().at(world.now());
            boolean slow = phase != null && !phase.fails();
            boolean slowly = random.nextInt(4) == 0 && !calm;
            long took = slow || slowly ? random.nextLong(2_500 * MILLIS) : random.nextLong(150 * MILLIS);
            int fate = random.nextInt(phase != null && phase.fails() ? 8 : 100);
            load.nobodyWaits = nobodyWaits;
            load.tags = tagged ? Tagging.some(random.nextLong()) : List.of();
            boolean[] absent = new boolean[1];
            world.note("%-7s %s: load %s begins %s%s", process, slot, load.name, load.tags, nobodyWaits ? " anew" : "");
            process.lastDrop(slot); // to know of it before the next
            oracle.onLoad(load);
            sink.onDispose(() -> {
                load.ended = world.now();
                world.note("%-7s %s: load %s ends", process, slot, load.name);
                oracle.onLoadEnded(load);
            });
            world.after(random.nextLong(took + 1), () -> {
                load.version = source.version(slot);
                load.decided = world.now();
                absent[0] = source.isAbsent(slot);
                log.add(load);
                world.note("source  %s: load %s reads version %d", slot, load.name, load.version);
            });
            if (fate < 2 && !calm) {
                return; // it hangs
            }
            process.process()
                    .schedule(
                            () -> {
                                if (fate < 7 && !calm) {
                                    load.failed = true;
                                    oracle.onLoadFails(load);
                                    sink.error(new SourceFailure(load));
                                } else {
                                    load.succeeded = true;
                                    load.broughtNothing = absent[0];
                                    sink.success(absent[0] ? null : load.value());
                                }
                            },
                            took,
                            TimeUnit.NANOSECONDS);
        });
    }
}
