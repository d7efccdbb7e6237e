package dev.reactivecache.benchmarks.lag;

import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.fleet.Fleet;
import dev.reactivecache.benchmarks.fleet.Reply;
import dev.reactivecache.benchmarks.peer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Two nodes of one contender, each a process, with a Redis of their own: the first changes keys, the second has copies.
 */
final class Pair implements AutoCloseable {
    private static final int WRITER = 0;
    private static final int HOLDER = 1;

    private final Peer peer;
    private final LocalRedis redis;
    private final Fleet fleet;

    Pair(Peer peer) throws IOException {
        this.peer = peer;
        this.redis = LocalRedis.start();
        Fleet started = null;
        try {
            started = Fleet.start(2);
            started.open(2, peer, redis.uri(), "lag", 200_000, 0);
        } catch (IOException | RuntimeException e) {
            if (started != null) {
                started.close();
            }
            redis.close();
            throw e;
        }
        this.fleet = started;
    }

    Peer peer() {
        return peer;
    }

    /**
     * Stores keys from zero on at one node, and has the other hold copies. That reads what Redis has, so nothing is
     * loaded.
     */
    void hold(String prefix, int keys) throws InterruptedException {
        changed(prefix, 0, keys, 64, Integer.MAX_VALUE);
        TimeUnit.MILLISECONDS.sleep(300); // by then the notices of these changes have passed
        Reply held = fleet.ask(HOLDER, "hold", Map.of("prefix", prefix, "keys", Integer.toString(keys)));
        if (held.one("tells") == 0) {
            throw new IllegalStateException(peer.title() + " does not report drops");
        }
    }

    /** Changes the keys from that number on, and waits for the drops, but not for longer than a second. */
    Lags change(String prefix, int from, int keys, int perSecond) throws InterruptedException {
        Reply changed = changed(prefix, from, keys, 256, perSecond);
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        Lags lags;
        do {
            TimeUnit.MILLISECONDS.sleep(200);
            lags = lags(
                    changed, fleet.ask(HOLDER, "drops", Map.of()).all("dropped").subList(from, from + keys));
        } while (lags.kept() > 0 && System.nanoTime() - patience < 0);
        return lags;
    }

    private static Lags lags(Reply changed, List<Long> dropped) {
        List<Long> acknowledged = changed.all("acknowledged");
        List<Long> lags = new ArrayList<>();
        int kept = 0;
        int failed = 0;
        for (int i = 0; i < dropped.size(); i++) {
            if (acknowledged.get(i) == 0) {
                failed++;
            } else if (dropped.get(i) == 0) {
                kept++;
            } else {
                lags.add(Math.max(0, dropped.get(i) - acknowledged.get(i)));
            }
        }
        return new Lags(lags, kept, failed, 1e9 * dropped.size() / changed.one("nanos"));
    }

    private Reply changed(String prefix, int from, int keys, int atOnce, int perSecond) {
        return fleet.ask(
                WRITER,
                "change",
                Map.of(
                        "prefix", prefix,
                        "from", Integer.toString(from),
                        "keys", Integer.toString(keys),
                        "atOnce", Integer.toString(atOnce),
                        "perSecond", Integer.toString(perSecond)));
    }

    @Override
    public void close() {
        fleet.close();
        redis.close();
    }

    /**
     * What became of some changes.
     *
     * @param nanos from the acknowledgement to the drop of each copy that went
     * @param kept copies that did not go
     * @param failed changes that were not acknowledged
     * @param perSecond changes, as they came
     */
    record Lags(List<Long> nanos, int kept, int failed, double perSecond) {}
}
