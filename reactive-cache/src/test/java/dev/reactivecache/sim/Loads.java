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

/** What loaders do: they take their time, read the source at some moment within it, and now and then fail or hang. */
final class Loads {
    private static final long MILLIS = 1_000_000;

    private final long seed;
    private final World world;
    private final ServerLog log;
    private final Source source;
    private final Oracle oracle;
    private final Map<Slot, Integer> ordinals = new HashMap<>();
    private int names;

    Loads(long seed, World world, ServerLog log, Source source, Oracle oracle) {
        this.seed = seed;
        this.world = world;
        this.log = log;
        this.source = source;
        this.oracle = oracle;
    }

    /** One load for each subscription, of a value without tags. */
    Mono<String> of(SimProcess process, Slot slot) {
        return of(process, slot, false);
    }

    /** The same, of a value that may have tags. */
    Mono<Loaded<String>> tagged(SimProcess process, Slot slot) {
        return of(process, slot, true)
                .map(value -> Loaded.of(value)
                        .with(EntryOptions.defaults().withTags(Objects.requireNonNull(log.maker(value)).tags)));
    }

    private Mono<String> of(SimProcess process, Slot slot, boolean tagged) {
        return Mono.create(sink -> {
            Maker load = new Maker(Maker.Kind.LOAD, "L" + ++names, process, slot, world.now());
            SplittableRandom random = new SplittableRandom(
                    seed ^ slot.toString().hashCode() * 0x9e3779b97f4a7c15L + ordinals.merge(slot, 1, Integer::sum));
            long took = random.nextInt(4) == 0 ? random.nextLong(2_500 * MILLIS) : random.nextLong(150 * MILLIS);
            int fate = random.nextInt(100);
            load.tags = tagged ? Tagging.some(random.nextLong()) : List.of();
            boolean[] absent = new boolean[1];
            world.note("%-7s %s: load %s begins %s", process, slot, load.name, load.tags);
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
            if (fate < 2) {
                return; // it hangs
            }
            process.process()
                    .schedule(
                            () -> {
                                if (fate < 7) {
                                    sink.error(new SourceFailure(load));
                                } else {
                                    sink.success(absent[0] ? null : load.value());
                                }
                            },
                            took,
                            TimeUnit.NANOSECONDS);
        });
    }
}
