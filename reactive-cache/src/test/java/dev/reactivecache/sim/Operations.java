package dev.reactivecache.sim;

import dev.reactivecache.Cached;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.OnUnreachable;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.remote.RemoteTierException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** What users do with their caches. */
final class Operations {
    private final World world;
    private final Terms terms;
    private final ServerLog log;
    private final Source source;
    private final Oracle oracle;
    private final Loads loads;
    private int reads;
    private int changes;

    Operations(World world, Terms terms, ServerLog log, Source source, Oracle oracle, Loads loads) {
        this.world = world;
        this.terms = terms;
        this.log = log;
        this.source = source;
        this.oracle = oracle;
        this.loads = loads;
    }

    void perform(Step step, SimProcess process) {
        Slot slot = Slot.of(step.cache(), step.key());
        switch (step.act()) {
            case LOOKUP, FETCH, GET -> read(step, process, slot);
            case INVALIDATE -> {
                int version = source.change(slot, step.seed() % 6 == 0);
                world.note("source  %s: has version %d", slot, version);
                invalidate(step, process, slot);
            }
            case LOSE -> world.note("source  %s: has version %d, without a word", slot, source.change(slot, true));
            case TOUCH -> invalidate(step, process, slot);
            case INVALIDATE_TAG -> invalidateMany(step, process, Tagging.one(step.seed()));
            case CLEAR -> invalidateMany(step, process, null);
            case WRITE, DELETE -> write(step, process, slot);
            case PUT -> put(step, process, slot);
            default -> throw new IllegalArgumentException(step + " is no operation");
        }
    }

    /** Looks every key up on one node. */
    void lookAtAll(SimProcess process) {
        for (int cache = 0; cache < Terms.CACHES; cache++) {
            for (int key = 0; key < terms.keys(); key++) {
                lookAt(process, cache, key);
            }
        }
    }

    /** Looks a key up. */
    void lookAt(SimProcess process, int cache, int key) {
        perform(new Step(world.now(), Step.Act.LOOKUP, 0, cache, key, 0, 0), process);
    }

    private void lookUp(Change change) {
        Step read = new Step(world.now(), Step.Act.LOOKUP, 0, 0, 0, 0, 0);
        read(read, change.process, change.slot());
    }

    private void read(Step step, SimProcess process, Slot slot) {
        Read read = new Read("R" + ++reads, process, slot, step.act() != Step.Act.GET, world.now(), world.moment());
        ReactiveCache<String, String> cache = process.cache(slot.cache());
        Mono<Answer> answer = switch (step.act()) {
            case LOOKUP ->
                cache.lookup(slot.key(), key -> loads.of(process, slot))
                        .map(told -> new Answer(told.value(), told.origin(), told.freshness()));
            case FETCH -> fetch(step, process, slot, cache).map(Operations::untold);
            default -> cache.get(slot.key()).map(Operations::untold);
        };
        process.beginsReading(slot);
        oracle.onRead(read);
        world.note("%-7s %s: %s begins", process, slot, read.name);
        Disposable running = answer.doOnCancel(() -> end(read, "cancelled"))
                .subscribe(
                        told -> answered(read, told),
                        failure -> {
                            if (end(read, "fails: " + failure.getMessage())) {
                                oracle.onError(read, failure);
                            }
                        },
                        () -> {
                            if (end(read, "is empty")) {
                                oracle.onEmpty(read);
                            }
                        });
        watch(step, read, running);
    }

    private Mono<String> fetch(Step step, SimProcess process, Slot slot, ReactiveCache<String, String> cache) {
        return step.seed() % 4 == 0
                ? cache.getOrFetch(slot.key(), key -> loads.of(process, slot))
                : cache.getOrFetchLoaded(slot.key(), key -> loads.tagged(process, slot));
    }

    /** What a read was told, and where that was from and how old, if it was told that, too. */
    private record Answer(
            @Nullable String value, Cached.@Nullable Origin origin, Cached.@Nullable Freshness freshness) {}

    private static Answer untold(String value) {
        return new Answer(value, null, null);
    }

    private void answered(Read read, Answer told) {
        read.value = told.value();
        read.origin = told.origin();
        read.freshness = told.freshness();
        if (end(read, told.value() + (told.origin() == null ? "" : " " + told.origin() + " " + told.freshness()))) {
            if (read.value == null) {
                oracle.onEmpty(read);
            } else {
                oracle.onValue(read);
            }
        }
    }

    private boolean end(Read read, String how) {
        if (read.over) {
            return false;
        }
        read.over = true;
        world.note("%-7s %s: %s %s", read.process, read.slot, read.name, how);
        read.process.endsReading(read.slot);
        return true;
    }

    private void watch(Step step, Read read, Disposable running) {
        if (step.size() > 0) {
            read.process.process().schedule(running::dispose, step.size(), TimeUnit.NANOSECONDS);
        }
        world.after(terms.longestReadNanos() + 1_000_000_000, () -> late(read));
    }

    private void late(Read read) {
        long paused = read.process.pausedNanos() - read.pausedBefore;
        if (paused == 0 || read.over) {
            oracle.onLate(read);
        } else {
            world.after(paused + terms.longestReadNanos(), () -> oracle.onLate(read));
        }
    }

    private void invalidate(Step step, SimProcess process, Slot slot) {
        Change change = begin("I", process, null, Map.of(slot, source.version(slot)));
        run(step, change, process.cache(slot.cache()).invalidate(slot.key()));
    }

    private void invalidateMany(Step step, SimProcess process, @Nullable String tag) {
        Map<Slot, Integer> floors = new LinkedHashMap<>();
        for (int key = 0; key < terms.keys(); key++) {
            Slot slot = Slot.of(step.cache(), key);
            floors.put(slot, slot.hasVersions() ? source.change(slot, false) : 0);
        }
        ReactiveCache<String, String> cache = process.cache(step.cache());
        Change change = begin(tag == null ? "C" : "T", process, tag, floors);
        run(step, change, tag == null ? cache.clear() : cache.invalidateTag(tag));
    }

    private void put(Step step, SimProcess process, Slot slot) {
        Change change = begin("P", process, null, Map.of(slot, 0));
        Maker put = new Maker(Maker.Kind.PUT, change.name, process, slot, world.now());
        put.tags = Tagging.some(step.seed());
        log.add(put);
        Mono<Void> putting = process.cache(slot.cache())
                .put(slot.key(), put.value(), EntryOptions.defaults().withTags(put.tags));
        // who cancels is not told whether it will be stored, which it may until its node would have given it up
        run(
                step,
                change,
                putting.doFinally(end -> put.ended = end == SignalType.CANCEL
                        ? put.begun + terms.writeTimeout().toNanos()
                        : world.now()));
    }

    private void write(Step step, SimProcess process, Slot slot) {
        Change change = begin("W", process, null, Map.of(slot, 0));
        boolean deletes = step.act() == Step.Act.DELETE;
        Mono<String> write = Mono.create(sink -> {
            SplittableRandom random = new SplittableRandom(step.seed());
            boolean fails = random.nextInt(8) == 0;
            boolean[] cancelled = new boolean[1];
            Maker maker = new Maker(Maker.Kind.WRITE, change.name, process, slot, world.now());
            maker.tags = Tagging.some(step.seed());
            sink.onCancel(() -> cancelled[0] = true);
            if (!fails || random.nextBoolean()) {
                world.after(random.nextLong(step.size() + 1), () -> {
                    if (!cancelled[0]) {
                        commit(change, maker, deletes);
                    }
                });
            }
            process.process()
                    .schedule(
                            () -> {
                                process.drops(slot);
                                if (fails) {
                                    sink.error(new IllegalStateException("the write failed"));
                                } else {
                                    sink.success(deletes ? null : maker.value());
                                }
                            },
                            step.size(),
                            TimeUnit.NANOSECONDS);
        });
        ReactiveCache<String, String> cache = process.cache(slot.cache());
        run(
                step,
                change,
                deletes
                        ? cache.deleteThrough(slot.key(), write)
                        : cache.writeThrough(
                                slot.key(), write, EntryOptions.defaults().withTags(Tagging.some(step.seed()))));
    }

    private void commit(Change change, Maker maker, boolean deletes) {
        change.floor(change.slot(), source.change(change.slot(), deletes));
        change.committed = world.now();
        maker.version = change.floor(change.slot());
        maker.decided = world.now();
        log.add(maker);
        world.note("source  %s: %s commits version %d", change.slot(), change.name, maker.version);
    }

    private Change begin(String kind, SimProcess process, @Nullable String tag, Map<Slot, Integer> floors) {
        boolean wide = kind.equals("C") || kind.equals("T");
        Change change = new Change(kind + ++changes, process, world.now(), wide, tag, floors);
        world.note("%-7s %s: %s begins%s", process, change.slots(), change.name, tag == null ? "" : ", of " + tag);
        change.slots().forEach(process::drops);
        oracle.add(change);
        return change;
    }

    private void run(Step step, Change change, Mono<?> work) {
        Disposable running = work.subscribe(value -> {}, failure -> ended(change, failure), () -> {
            change.heldHere = world.moment();
            boolean writes = step.act() == Step.Act.WRITE || step.act() == Step.Act.DELETE;
            if (!writes || terms.onUnreachable() == OnUnreachable.REFUSE_WRITE) {
                change.acknowledged = world.now();
            }
            ended(change, null);
            if (step.seed() % 2 == 0) { // who has written reads
                lookUp(change);
            }
        });
        if (step.seed() % 11 == 0) {
            long delay = Math.abs(step.seed() % 400_000_000);
            change.process.process().schedule(() -> cancel(change, running), delay, TimeUnit.NANOSECONDS);
        }
    }

    private void cancel(Change change, Disposable running) {
        if (!running.isDisposed()) {
            running.dispose();
            ended(change, new CancellationException("cancelled"));
        }
    }

    private void ended(Change change, @Nullable Throwable failure) {
        boolean refused = change.name.startsWith("W") && !(failure instanceof UncertainWriteException);
        if (failure instanceof RemoteTierException && !refused) { // it is kept
            change.heldHere = world.moment();
        }
        change.slots().forEach(change.process::drops);
        world.note(
                "%-7s %s: %s %s",
                change.process,
                change.slots(),
                change.name,
                failure == null ? "is done" : "fails: " + failure.getMessage());
    }
}
