package dev.reactivecache.sim;

import dev.reactivecache.model.ModelRedis;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One connection as Lettuce keeps it: in order both ways, reconnected by itself with its subscriptions renewed, without
 * a word to the subscriber. What is on the way when it breaks is lost; what was not answered is sent again, or fails.
 */
final class Connection {
    private static final long SHORT_RECONNECT_DELAY = 50_000_000;
    private static final long LONGEST_RECONNECT_DELAY = 1_000_000_000;

    private final World world;
    private final Process process;
    private final Uplink uplink;
    private final Server server;
    private final boolean events;
    private final SplittableRandom random;
    private final boolean resends;
    private final Consumer<String> heard;
    private final List<RedisConnectionStateListener> stateListeners = new ArrayList<>();
    private final List<RedisPubSubListener<byte[], byte[]>> subscribers = new ArrayList<>();
    private final Set<Request> unanswered = new LinkedHashSet<>();
    private final Set<String> subscribed = new TreeSet<>();
    private Line line;
    private boolean open = true;
    private boolean closed;

    /**
     * A connection that is open.
     *
     * @param events whether it is for a subscription
     * @param resends whether commands that have no answer yet are sent again after a reconnection, or fail
     * @param heard called with every message, before its subscribers
     */
    Connection(
            World world,
            Process process,
            Uplink uplink,
            Server server,
            boolean events,
            SplittableRandom random,
            boolean resends,
            Consumer<String> heard) {
        this.world = world;
        this.process = process;
        this.uplink = uplink;
        this.server = server;
        this.events = events;
        this.random = random;
        this.resends = resends;
        this.heard = heard;
        this.line = new Line();
    }

    /** What lasts from one connecting to the next loss. */
    private final class Line implements Server.Session {
        private boolean cut;
        private boolean silent;
        private long lastUp;
        private long lastDown;

        void up(Request request) {
            lastUp = Math.max(lastUp, world.now() + uplink.delay(events, random));
            world.at(lastUp, () -> {
                if (!cut && !silent) {
                    Object reply = request.execute(this);
                    down(() -> {
                        unanswered.remove(request);
                        request.answer(reply);
                    });
                }
            });
        }

        void down(Runnable delivery) {
            lastDown = Math.max(lastDown, world.now() + uplink.delay(events, random));
            world.at(lastDown, () -> {
                if (!cut && !silent) {
                    process.enter(() -> {
                        if (!closed) {
                            delivery.run();
                        }
                    });
                }
            });
        }

        @Override
        public void onMessage(String channel, String message) {
            down(() -> {
                heard.accept(message);
                subscribers.forEach(each -> each.message(bytes(channel), bytes(message)));
            });
        }

        void end() {
            cut = true;
            server.redis().unsubscribe(this);
        }
    }

    boolean isOpen() {
        return open && !closed;
    }

    boolean isClosed() {
        return closed;
    }

    void addListener(RedisConnectionStateListener listener) {
        stateListeners.add(listener);
    }

    void addListener(RedisPubSubListener<byte[], byte[]> listener) {
        subscribers.add(listener);
    }

    /** A command: sent once for each subscription. */
    Mono<Object> command(Function<Server.Session, @Nullable Object> work) {
        return Mono.create(asker -> {
            Request request = new Request(work, asker);
            if (!isOpen()) {
                request.answer(new RedisException("Currently not connected. Commands are rejected."));
                return;
            }
            unanswered.add(request);
            line.up(request);
        });
    }

    /** Subscribes: each acknowledgement is told to the listeners, in order with all else. */
    Mono<Object> subscribe(Set<String> channels) {
        return command(session -> {
            ModelRedis redis = server.redis();
            channels.forEach(channel -> redis.subscribe(session, channel));
            Line mine = (Line) session;
            mine.down(() -> channels.forEach(channel -> {
                subscribed.add(channel);
                subscribers.forEach(each -> each.subscribed(bytes(channel), subscribed.size()));
            }));
            return null;
        });
    }

    /** The connection breaks, and both ends notice. */
    void cut() {
        if (closed || line.cut) {
            return;
        }
        line.end();
        process.enter(this::onLost);
    }

    /** Nothing gets through any more, and no end notices. */
    void silence() {
        line.silent = true;
    }

    private void onLost() {
        if (closed) {
            return;
        }
        open = false;
        stateListeners.forEach(each -> each.onRedisDisconnected(null));
        if (!resends) {
            failAll("Connection disconnected");
        }
        reconnectLater();
    }

    private void failAll(String reason) {
        List<Request> failed = List.copyOf(unanswered);
        unanswered.clear();
        failed.forEach(request -> request.answer(new RedisException(reason)));
    }

    private void reconnectLater() {
        long delay =
                5_000_000 + random.nextLong(random.nextBoolean() ? SHORT_RECONNECT_DELAY : LONGEST_RECONNECT_DELAY);
        world.after(delay, () -> process.enter(this::reconnect));
    }

    private void reconnect() {
        if (closed) {
            return;
        }
        if (uplink.refuses()) {
            reconnectLater();
            return;
        }
        line = new Line();
        open = true;
        stateListeners.forEach(each -> each.onRedisConnected(null, null));
        if (!subscribed.isEmpty()) {
            subscribe(new TreeSet<>(subscribed)).subscribe(acknowledged -> {}, lostAgain -> {});
        }
        unanswered.removeIf(Request::isAbandoned);
        unanswered.forEach(line::up);
    }

    /** The client gives the connection up. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        line.end();
        failAll("Connection closed");
        stateListeners.forEach(each -> each.onRedisDisconnected(null));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
