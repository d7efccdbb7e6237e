package dev.reactivecache.redis;

import dev.reactivecache.entry.Tokens;
import dev.reactivecache.remote.RegionListener.Change;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One connection that is subscribed to key events. Lettuce reconnects it and subscribes anew, without a word to the
 * subscriber: so each loss, and each complete set of acknowledgements, is told to the owner. All of the owner's methods
 * are called on the connection's event loop, in the order in which Redis sent what they tell of.
 */
final class EventConnection extends RedisPubSubAdapter<byte[], byte[]> implements RedisConnectionStateListener {
    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;
    private final RedisSettings settings;
    private final FillNotes notes;
    private final byte[] answers;
    private final byte[] own = KeyLayout.ownChannel(Tokens.next());
    private final byte[][] channels;
    private final Owner owner;
    private final Set<String> acknowledged = new HashSet<>(); // event loop only
    private volatile boolean subscribed;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile @Nullable Probe probe;
    private volatile long probeHeardAtNanos;
    private FillNotes.@Nullable Note noted; // event loop only

    /** Who is told. */
    interface Owner {
        /** Every channel is acknowledged: from now on events come. */
        void onSubscribed(EventConnection source);

        /** Events may have been missed. */
        void onLost(EventConnection source, String reason);

        /** A key of ours changed. */
        void onChange(KeyLayout.EntryKey entry, Change change);

        /** Something was said about receipts. All events from before it have been told. */
        void onReceipt(ReceiptWord word);

        /** All events from before {@code sentAtNanos} have been told. */
        void onAlive(EventConnection source, long sentAtNanos);

        /** A change made to try it, at {@code sentAtNanos}, was told: Redis does tell, on all channels. */
        void onProved(EventConnection source, long sentAtNanos);
    }

    private record Probe(ByteBuffer key, long sentAtNanos, Sinks.Empty<Void> heard) {}

    EventConnection(
            StatefulRedisPubSubConnection<byte[], byte[]> connection,
            RedisSettings settings,
            FillNotes notes,
            Owner owner) {
        this.connection = connection;
        this.settings = settings;
        this.notes = notes;
        this.answers = KeyLayout.receiptsChannel(new String(notes.node(), StandardCharsets.US_ASCII));
        this.channels = KeyEvents.channels(settings.uri().getDatabase(), notes.channel(), answers, own);
        this.owner = owner;
        this.probeHeardAtNanos = settings.timer().now() - Long.MAX_VALUE / 2;
    }

    /** Subscribes. */
    Mono<Void> begin() {
        connection.addListener((RedisPubSubListener<byte[], byte[]>) this);
        connection.addListener((RedisConnectionStateListener) this);
        return connection.reactive().subscribe(channels);
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Whether every channel is acknowledged. Lettuce renews only those that were: else another connection is needed. */
    boolean isSubscribed() {
        return subscribed;
    }

    /** Asks whether the stream is alive. The answer comes behind all events that Redis had sent before. */
    void ping() {
        long sentAt = settings.timer().now();
        unanswered.incrementAndGet();
        connection
                .reactive()
                .ping()
                .subscribe(
                        pong -> {
                            unanswered.set(0);
                            owner.onAlive(this, sentAt);
                        },
                        unansweredToo -> {});
    }

    /**
     * Errors with {@link NotMasterException} if the link leads to another server than this connection does. Names move,
     * and Sentinels change their minds: two connections to one address need not end at one server, and what is changed
     * at the one would be told at the other late, or never.
     */
    Mono<Void> requireServerOf(CommandLink link, Duration limit) {
        return link.<Map<byte[], Long>>send(limit, commands -> commands.pubsubNumsub(own))
                .onErrorResume(failure -> ServerInfo.isForbidden(failure.getCause()), notTold -> Mono.empty())
                .filter(subscribers -> subscribed && subscribers.containsValue(0L))
                .flatMap(nobody -> Mono.error(
                        new NotMasterException("events come from another server than the one that commands go to")));
    }

    /** How many questions have had no answer since the last that had one. */
    int unanswered() {
        return unanswered.get();
    }

    /**
     * Changes a key of its own, and completes once the stream has told of it. Errors with {@link TimeoutException} if the
     * change was acknowledged and the stream does not tell of it in time.
     */
    Mono<Void> probe(CommandLink link, Duration limit) {
        return Mono.defer(() -> {
            byte[] key = link.keys().probe();
            var sent = new Probe(ByteBuffer.wrap(key), settings.timer().now(), Sinks.empty());
            probe = sent;
            return link.run(Script.INVALIDATE, ScriptOutputType.INTEGER, key)
                    .then(sent.heard().asMono().timeout(limit, settings.timer().scheduler()));
        });
    }

    @Override
    public void subscribed(byte[] channel, long count) {
        String name = new String(channel, StandardCharsets.US_ASCII);
        if (!acknowledged.add(name)) { // a second time: it was reconnected
            forget();
            acknowledged.add(name);
            owner.onLost(this, "the subscription was renewed");
        }
        if (acknowledged.size() == channels.length) {
            subscribed = true;
            owner.onSubscribed(this);
        }
    }

    @Override
    public void message(byte[] channel, byte[] message) {
        FillNotes.Note before = noted;
        noted = notes.read(channel, message);
        try {
            ReceiptWord word =
                    Arrays.equals(channel, answers) ? Receipts.answer(message) : KeyLayout.parseTicket(message);
            if (word != null) {
                owner.onReceipt(word);
                return;
            }
            Change change = KeyLayout.isOurs(message) ? KeyEvents.changeOn(channel) : null;
            if (change == Change.DELETED && before != null && before.isAbout(message)) {
                change = before.meaning();
            }
            if (change == Change.DELETED && KeyLayout.isProbe(message)) {
                onProbe(message);
            } else if (change != null) {
                tell(message, change);
            }
        } catch (Throwable thrown) { // Lettuce would log it and go on, as if nothing had been missed
            owner.onLost(this, "an event could not be applied: " + thrown);
        }
    }

    private void tell(byte[] key, Change change) {
        KeyLayout.EntryKey entry = KeyLayout.parse(key);
        if (entry != null) {
            owner.onChange(entry, change);
        }
    }

    private void onProbe(byte[] key) {
        probeHeardAtNanos = settings.timer().now();
        Probe waiting = probe;
        if (waiting != null && waiting.key().equals(ByteBuffer.wrap(key))) {
            probe = null;
            if (subscribed) { // here, in order with losses: nothing can have come in between
                owner.onProved(this, waiting.sentAtNanos());
                waiting.heard().tryEmitEmpty();
            }
        }
    }

    /** Whether a change made for a probe, by this node or another, was told within the last {@code span}. */
    boolean heardProbeWithin(Duration span) {
        return settings.timer().now() - probeHeardAtNanos <= span.toNanos();
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
        // too early: it is not subscribed yet
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
        forget();
        owner.onLost(this, "the connection to Redis was lost");
    }

    private void forget() {
        acknowledged.clear();
        subscribed = false;
        noted = null;
    }

    Mono<Void> close() {
        return Mono.fromCompletionStage(connection::closeAsync);
    }
}
