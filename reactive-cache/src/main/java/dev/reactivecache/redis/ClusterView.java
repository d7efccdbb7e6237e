package dev.reactivecache.redis;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.event.AskRedirectionEvent;
import io.lettuce.core.cluster.event.ClusterTopologyChangedEvent;
import io.lettuce.core.cluster.event.MovedRedirectionEvent;
import io.lettuce.core.event.Event;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * What the client knows of the cluster, which decides where commands go. Tells when that has changed, and when commands
 * are redirected to a server whose changes are not heard. Both are noticed on a thread of its own, perhaps after the
 * command's reply, which is soon enough: it ends the epoch that the reply is kept in.
 */
final class ClusterView {
    private static final Duration REFRESH_PAUSE = Duration.ofMillis(500);
    private static final Duration REFRESH_LIMIT = Duration.ofSeconds(10);

    private final RedisClusterClient client;
    private final Listener listener;
    private final Disposable.Swap events = Disposables.swap();
    private final Disposable.Swap refresh = Disposables.swap();
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private final AtomicLong doubts = new AtomicLong();
    private final AtomicLong settled = new AtomicLong();
    private volatile long refreshedAt = System.nanoTime() - REFRESH_PAUSE.toNanos();

    /** Hears of both, on any thread. */
    interface Listener {
        /** The client has looked at the cluster anew. */
        void onLook();

        /** Whether a server's changes are heard. */
        boolean isHeard(String host, int port);

        /** Commands go to a server whose changes are not heard. */
        void onDoubt(String target);
    }

    ClusterView(RedisClusterClient client, Listener listener) {
        this.client = client;
        this.listener = listener;
    }

    void open() {
        events.update(client.getResources().eventBus().get().subscribe(this::onEvent));
    }

    /** Who has which slot. Only once the client has connected. */
    SlotTable table() {
        return SlotTable.of(client.getPartitions());
    }

    /**
     * Whether the cluster has been looked at since a command was last redirected to a server whose changes are not
     * heard.
     */
    boolean isSettled() {
        return settled.get() == doubts.get();
    }

    private void onEvent(Event event) {
        if (event instanceof ClusterTopologyChangedEvent) {
            listener.onLook();
        } else if (event instanceof MovedRedirectionEvent moved) {
            onSentOn(moved.getMessage());
            refresh();
        } else if (event instanceof AskRedirectionEvent ask) {
            onSentOn(ask.getMessage());
        }
    }

    /** @param order what Redis said: {@code MOVED 3999 127.0.0.1:6381}, or {@code ASK} */
    private void onSentOn(String order) {
        Target target = Target.of(order);
        if (!listener.isHeard(target.host(), target.port())) {
            doubts.incrementAndGet();
            listener.onDoubt(target.text());
            refresh();
        }
    }

    /**
     * Where a command is redirected to.
     *
     * @param port -1 if there is none, as no server has
     */
    record Target(String text, String host, int port) {
        private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

        static Target of(String order) {
            String text = order.substring(order.lastIndexOf(' ') + 1);
            int colon = text.lastIndexOf(':');
            String port = text.substring(colon + 1);
            return colon > 0 && PORT.matcher(port).matches()
                    ? new Target(text, text.substring(0, colon), Integer.parseInt(port))
                    : new Target(text, text, -1);
        }
    }

    /** Makes the client look at the cluster anew; not while it does so already, and not often. */
    void refresh() {
        long now = System.nanoTime();
        if (now - refreshedAt < REFRESH_PAUSE.toNanos() || !refreshing.compareAndSet(false, true)) {
            return;
        }
        refreshedAt = now;
        long settles = doubts.get();
        refresh.update(Mono.fromCompletionStage(client::refreshPartitionsAsync)
                .timeout(REFRESH_LIMIT)
                .doFinally(end -> refreshing.set(false))
                .subscribe(null, unreachable -> {}, () -> {
                    settled.accumulateAndGet(settles, Math::max);
                    listener.onLook();
                }));
    }

    void close() {
        events.dispose();
        refresh.dispose();
    }
}
