package dev.reactivecache.benchmarks.fleet;

import dev.reactivecache.benchmarks.peer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Nodes in processes of their own on this machine. Their {@code System.nanoTime()} is this process's: on Linux all read
 * CLOCK_MONOTONIC, which is one for the machine. That is verified at the start, by an exchange with each.
 */
public final class Fleet implements AutoCloseable {
    private static final long SECONDS = 60;

    private final List<NodeProcess> nodes = new ArrayList<>();

    private Fleet() {}

    /**
     * Starts them.
     *
     * @throws IllegalStateException if the clock of one is not this process's
     */
    public static Fleet start(int size) throws IOException {
        Fleet fleet = new Fleet();
        try {
            for (int i = 0; i < size; i++) {
                fleet.nodes.add(NodeProcess.start());
            }
            for (int i = 0; i < size; i++) {
                fleet.verifyClock(i);
            }
            return fleet;
        } catch (IOException | RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    private void verifyClock(int node) {
        long before = System.nanoTime();
        long there = ask(node, "clock", Map.of()).one("now");
        long after = System.nanoTime();
        if (there - before < 0 || after - there < 0) {
            throw new IllegalStateException("node " + node + " read " + there + " on its clock between " + before
                    + " and " + after + " here: the processes have no clock in common");
        }
    }

    /** Connects the cache of the first nodes. */
    public void open(int first, Peer peer, String uri, String name, int localSize, int loadMillis) {
        Map<String, String> with = Map.of(
                "peer", peer.name(),
                "uri", uri,
                "name", name,
                "localSize", Integer.toString(localSize),
                "loadMillis", Integer.toString(loadMillis));
        askFirst(first, "open", with);
    }

    /** Sends an order to one node, and waits for its reply. */
    public Reply ask(int node, String act, Map<String, String> with) {
        return tell(node, act, with).join();
    }

    /** Sends an order to one node. Its reply fails after a minute. */
    public CompletableFuture<Reply> tell(int node, String act, Map<String, String> with) {
        return nodes.get(node).ask(act, with, SECONDS);
    }

    /** Sends an order to the first nodes at once, and waits for all their replies. */
    public List<Reply> askFirst(int first, String act, Map<String, String> with) {
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < first; i++) {
            replies.add(tell(i, act, with));
        }
        return replies.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
