package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Fault.Effect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/** The nodes of a run. A slot always has one, or soon will again; each process has a number of its own. */
final class Fleet implements AutoCloseable {
    private final ChaosSettings settings;
    private final Place place;
    private final Path folder;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicReferenceArray<ChaosProcess> nodes;

    Fleet(ChaosSettings settings, Place place, Path folder) {
        this.settings = settings;
        this.place = place;
        this.folder = folder;
        this.nodes = new AtomicReferenceArray<>(settings.nodes());
        IntStream.range(0, settings.nodes()).parallel().forEach(this::start);
    }

    private void start(int slot) {
        nodes.set(slot, process(place.uri(slot), true));
    }

    private ChaosProcess process(String uri, boolean working) {
        return ChaosProcess.start(numbers.getAndIncrement(), uri, folder, settings.seed(), settings.control(), working);
    }

    /** One that has nothing in memory, and does nothing but answer. */
    ChaosProcess fresh() {
        return process(place.directUri(), false);
    }

    List<ChaosProcess> nodes() {
        return IntStream.range(0, nodes.length()).mapToObj(nodes::get).toList();
    }

    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < nodes.length(); i++) {
            int slot = i;
            faults.add(new Fault("kill node", "node " + slot, 2, Effect.NONE, hand -> {
                nodes.get(slot).kill();
                hand.hold(0, 2_000);
                start(slot);
                hand.hold(0, 3_000);
            }));
            faults.add(new Fault("freeze node", "node " + slot, 3, Effect.NONE, hand -> {
                nodes.get(slot).pause();
                hand.hold(200, 3_000);
                nodes.get(slot).resume();
            }));
        }
        return faults;
    }

    /** All that any process has written. */
    List<Act> history() {
        return IntStream.range(0, numbers.get())
                .mapToObj(number -> History.read(folder, number))
                .flatMap(List::stream)
                .toList();
    }

    /** Asks each node. */
    List<String> ask(String question) {
        return nodes().stream().map(node -> node.ask(question)).toList();
    }

    /** What a node answers of each key: its number, what it has, and what it has or loads. */
    static List<long[]> check(ChaosProcess node) {
        List<long[]> found = new ArrayList<>();
        String line = node.ask("CHECK");
        try {
            for (int i = 0; i < ChaosSettings.KEYS; i++) {
                line = i == 0 ? line : node.line();
                found.add(java.util.stream.Stream.of(line.split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    @Override
    public void close() {
        nodes().forEach(ChaosProcess::close);
    }
}
