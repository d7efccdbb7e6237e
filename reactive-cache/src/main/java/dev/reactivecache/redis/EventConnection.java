package dev.reactivecache.redis;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One connection that is subscribed to key events. Lettuce reconnects it and subscribes anew, without a word to the
 * subscriber: so the owner learns of each loss, and of each complete set of acknowledgements.
 */
final class EventConnection extends RedisPubSubAdapter<byte[], byte[]>
        implements ChangeConnection, RedisConnectionStateListener {
    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;
    private final RedisSettings settings;
    private final KeyLayout keys;
    private final FillNotes notes;
    private final byte[] answers;
    private final byte[] own;
    private final byte[][] channels;
    private final Owner owner;
    private final ChangeListener listener;
    private final Set<String> acknowledged = new HashSet<>(); // event loop only
    private volatile boolean subscribed;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final StreamProbe probe;
    private FillNotes.@Nullable Note noted; // event loop only
    private final NotificationCheck check;

    EventConnection(
            StatefulRedisPubSubConnection<byte[], byte[]> connection,
            RedisSettings settings,
            FillNotes notes,
            Owner owner,
            ChangeListener listener) {
        this.connection = connection;
        this.settings = settings;
        this.keys = settings.keys();
        this.own = keys.ownChannel(Tokens.next());
        this.notes = notes;
        this.answers = keys.receiptsChannel(new String(notes.node(), StandardCharsets.US_ASCII));
        this.channels = KeyEvents.channels(settings.uri().getDatabase(), notes.channel(), answers, own);
        this.owner = owner;
        this.listener = listener;
        this.probe = new StreamProbe(settings);
        this.check = new NotificationCheck(settings);
    }

    @Override
    public Mono<Void> begin() {
        connection.addListener((RedisPubSubListener<byte[], byte[]>) this);
        connection.addListener((RedisConnectionStateListener) this);
        return connection.reactive().subscribe(channels);
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    /**
     * Whether every channel is acknowledged. Lettuce renews only those that were: else another connection is needed.
     */
    @Override
    public boolean isSubscribed() {
        return subscribed;
    }

    /** Asks whether the stream is alive. The answer comes behind all events that Redis had sent before. */
    @Override
    public void ping() {
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

    @Override
    public Mono<Boolean> requireTelling(CommandLink link, Mono<Void> beforeSetting) {
        return check.run(link, beforeSetting);
    }

    @Override
    public Mono<Void> requireServerOf(CommandLink link, Duration limit) {
        return link.<Map<byte[], Long>>send(limit, commands -> commands.pubsubNumsub(own))
                .onErrorResume(failure -> ServerInfo.isForbidden(failure.getCause()), notTold -> Mono.empty())
                .filter(subscribers -> subscribed && subscribers.containsValue(0L))
                .flatMap(nobody -> Mono.error(
                        new NotMasterException("events come from another server than the one that commands go to")));
    }

    @Override
    public int unanswered() {
        return unanswered.get();
    }

    @Override
    public Mono<Void> probe(CommandLink link, Duration limit) {
        return probe.send(link, limit);
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
            ReceiptWord word = Arrays.equals(channel, answers) ? Receipts.answer(message) : keys.parseTicket(message);
            if (word != null) {
                listener.onReceipt(word);
                return;
            }
            byte[] loaded = notes.endOfLoad(channel, message);
            if (loaded != null) {
                passLoadEnd(loaded);
                return;
            }
            Change change = keys.isOurs(message) ? KeyEvents.changeOn(channel) : null;
            if (change == Change.DELETED && before != null && before.isAbout(message)) {
                change = before.meaning();
            }
            if (change == Change.DELETED && keys.isProbe(message)) {
                probe.heard(message, subscribed, sentAt -> owner.onProved(this, sentAt));
            } else if (change != null) {
                pass(message, change);
            }
        } catch (Throwable thrown) { // Lettuce would log it and go on, as if nothing had been missed
            owner.onLost(this, "an event could not be applied: " + thrown);
        }
    }

    private void pass(byte[] key, Change change) {
        KeyLayout.EntryKey entry = keys.parse(key);
        if (entry != null) {
            listener.onChange(entry, change);
        }
    }

    private void passLoadEnd(byte[] key) {
        KeyLayout.EntryKey entry = keys.parse(key);
        if (entry != null) {
            listener.onLoadEnd(entry);
        }
    }

    @Override
    public boolean heardProbeWithin(Duration span) {
        return probe.heardWithin(span);
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

    @Override
    public RemoteTierException unproved() {
        return check.unproved();
    }

    @Override
    public RemoteTierException refused(Throwable refusal) {
        return NotificationCheck.refused(settings, refusal);
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromCompletionStage(connection::closeAsync);
    }
}
