package dev.reactivecache.chaos;

import java.util.List;

/** Where a run's Redis is, and what may go wrong there. */
interface Place extends AutoCloseable {
    /** The topology's name. */
    String name();

    /** Where a node finds Redis. */
    String uri(int slot);

    /** Where one finds it that nothing stands in the way of. */
    String directUri();

    List<Fault> faults();

    /** Waits until Redis is whole, after the last fault. */
    void heal();

    @Override
    void close();

    static Place of(String name, int nodes) {
        return switch (name) {
            case "standalone" -> new StandalonePlace(nodes);
            case "sentinel" -> new SentinelPlace();
            case "cluster" -> new ClusterPlace();
            default ->
                throw new IllegalArgumentException(
                        "chaos.topology must be standalone, sentinel or cluster, not " + name);
        };
    }
}
