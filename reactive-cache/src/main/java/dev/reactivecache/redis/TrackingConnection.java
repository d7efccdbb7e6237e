package dev.reactivecache.redis;

import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * One connection that has Redis track, in broadcast mode, all keys of ours (Redis documentation: client-side caching).
 * Every modification is announced, with nothing but the key's name, and only once for all that a key went through in
 * one cycle of the server's loop, at its end. Scripts have no loop of their own to be spared: NOLOOP does not hide what
 * they do. So where this node is filling a key, whether anybody else had a hand in the change is asked on this same
 * connection; the listener hears of it when the answer has come. Answers come in order, so a later question has a later
 * answer.
 */
final class TrackingConnection extends RedisPubSubAdapter<byte[], byte[]>
        implements ChangeConnection, RedisConnectionStateListener, PushListener {
    private final StatefulRedisPubSubConnection<byte[], byte[]> connection;
    private final RedisSettings settings;
    private final KeyLayout keys;
    private final OwnFills fills;
    private final byte[] answers;
    private final Owner owner;
    private final ChangeListener listener;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean subscribed;
    private final AtomicInteger connections = new AtomicInteger();
    private int asked; // event loop only
    private final StreamProbe probe;

    TrackingConnection(
            StatefulRedisPubSubConnection<byte[], byte[]> connection,
            RedisSettings settings,
            FillNotes notes,
            Owner owner,
            ChangeListener listener) {
        this.connection = connection;
        this.settings = settings;
        this.keys = settings.keys();
        this.fills = notes.fills();
        this.answers = keys.receiptsChannel(new String(notes.node(), StandardCharsets.US_ASCII));
        this.owner = owner;
        this.listener = listener;
        this.probe = new StreamProbe(settings);
    }

    @Override
    public Mono<Void> begin() {
        return Mono.defer(() -> {
            fills.want();
            connection.addListener((RedisPubSubListener<byte[], byte[]>) this);
            connection.addListener((RedisConnectionStateListener) this);
            connection.addListener((PushListener) this);
            return track();
        });
    }

    /** Off first: Redis refuses a prefix that it has already, and a command may have been sent again by Lettuce. */
    private Mono<Void> track() {
        int before = connections.get();
        TrackingArgs on = TrackingArgs.Builder.enabled(true).bcast().prefixes(keys.root());
        return connection
                .reactive()
                .clientTracking(TrackingArgs.Builder.enabled(false))
                .then(connection.reactive().clientTracking(on))
                .doOnNext(ok -> onTracked(before))
                .then(Mono.defer(this::hearAnswers));
    }

    /** Without the right to the channel there are no receipts, and all else works. */
    private Mono<Void> hearAnswers() {
        return connection
                .reactive()
                .subscribe(answers)
                .onErrorComplete(RedisCommandExecutionException.class::isInstance);
    }

    private void onTracked(int before) {
        if (before == connections.get()) {
            subscribed = true;
            owner.onSubscribed(this);
        }
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public boolean isSubscribed() {
        return subscribed;
    }

    /**
     * Three questions, each after the answer to the one before. A change may be announced behind the answer to a
     * question that was put after it, in the same cycle of the server, but not behind the answer to the next one; and
     * what is asked because of it, not behind the answer to the third.
     */
    @Override
    public void ping() {
        int before = connections.get();
        long sentAt = settings.timer().now();
        unanswered.incrementAndGet();
        question()
                .then(Mono.defer(this::question))
                .then(Mono.defer(this::question))
                .subscribe(
                        pong -> {
                            unanswered.set(0);
                            if (before == connections.get()) {
                                owner.onAlive(this, sentAt);
                            }
                        },
                        unansweredToo -> {});
    }

    private Mono<String> question() {
        return connection.reactive().ping();
    }

    @Override
    public int unanswered() {
        return unanswered.get();
    }

    @Override
    public Mono<Boolean> requireTelling(CommandLink link, Mono<Void> beforeSetting) {
        return Mono.just(false);
    }

    @Override
    public Mono<Void> requireServerOf(CommandLink link, Duration limit) {
        Mono<String> here = run(ServerInfo.ask(connection.reactive(), "server"))
                .timeout(limit, settings.timer().scheduler());
        Mono<String> there = run(link.send(limit, commands -> ServerInfo.ask(commands, "server")));
        return Mono.zip(here, there, String::equals)
                .filter(same -> subscribed && !same)
                .flatMap(another -> Mono.error(new NotMasterException(
                        "changes are announced by another server than the one that commands go to")));
    }

    /** The run of a server; empty if it hides that. */
    private static Mono<String> run(Mono<ServerInfo> info) {
        return info.mapNotNull(answer -> answer.fields().get("run_id"));
    }

    @Override
    public Mono<Void> probe(CommandLink link, Duration limit) {
        return probe.send(link, limit);
    }

    @Override
    public boolean heardProbeWithin(Duration span) {
        return probe.heardWithin(span);
    }

    /** One of a cycle's keys may be the ticket for another, and they come in no order: so entries go first. */
    @Override
    public void onPushMessage(PushMessage message) {
        if (!message.getType().equals("invalidate")) {
            return;
        }
        guarded(() -> {
            List<?> content = message.getContent(ByteArrayCodec.INSTANCE::decodeValue);
            if (content.size() < 2 || !(content.get(1) instanceof List<?> names)) {
                owner.onFlushed(this);
                return;
            }
            List<byte[]> others = new ArrayList<>();
            for (Object key : names) {
                if (key instanceof byte[] name && !pass(name)) {
                    others.add(name);
                }
            }
            if (!others.isEmpty()) {
                afterAnswers(() -> others.forEach(this::hear));
            }
        });
    }

    /** Passes an entry on, now or after a question; false if the key is none. */
    private boolean pass(byte[] key) {
        KeyLayout.EntryKey entry = keys.parse(key);
        if (entry == null) {
            return false;
        }
        if (fills.of(key) == null) {
            listener.onChange(entry, Change.DELETED);
        } else {
            ask(key, entry);
        }
        return true;
    }

    private void ask(byte[] key, KeyLayout.EntryKey entry) {
        int before = connections.get();
        asked++;
        connection
                .async()
                .getrange(key, 0, WireFormat.HEADER - 1)
                .whenComplete((header, failure) -> guarded(() -> {
                    if (before == connections.get()) { // else there was a gap
                        asked--;
                        OwnFills.OwnFill fill = fills.of(key);
                        if (failure == null && header != null && fill != null && fill.isOn(header)) {
                            fills.echoed(key, fill);
                            listener.onEcho(entry, fill);
                        } else {
                            listener.onChange(entry, Change.DELETED);
                        }
                    }
                }));
    }

    /** Goes on when all that was asked has been answered. */
    private void afterAnswers(Runnable next) {
        if (asked == 0) {
            next.run();
            return;
        }
        int before = connections.get();
        connection
                .async()
                .ping()
                .whenComplete((pong, failure) -> guarded(() -> {
                    if (before == connections.get() && failure == null) {
                        next.run();
                    }
                }));
    }

    private void hear(byte[] key) {
        ReceiptWord ticket = keys.parseTicket(key);
        if (ticket != null) {
            listener.onReceipt(ticket);
        } else if (keys.isProbe(key)) {
            probe.heard(key, subscribed, sentAt -> owner.onProved(this, sentAt));
        }
    }

    @Override
    public void message(byte[] channel, byte[] message) {
        guarded(() -> {
            ReceiptWord.Answer answer = Receipts.answer(message);
            if (answer != null) {
                listener.onReceipt(answer);
            }
        });
    }

    /** Lettuce would log what is thrown and go on, as if nothing had been missed. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable thrown) {
            owner.onLost(this, "word of a change could not be applied: " + thrown);
        }
    }

    /** Redis has forgotten that it was to track. */
    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
        forget();
        track().subscribe(null, failure -> owner.onLost(this, "tracking was not renewed: " + failure.getMessage()));
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
        forget();
        owner.onLost(this, "the connection to Redis was lost");
    }

    private void forget() {
        connections.incrementAndGet();
        asked = 0;
        subscribed = false;
    }

    @Override
    public RemoteTierException unproved() {
        return new RedisConfigurationException(
                settings.about("it tracks our keys, and did not announce a change made to try it; a proxy between may"
                        + " keep pushes back; until then every answer from memory is checked first"),
                null);
    }

    @Override
    public RemoteTierException refused(Throwable refusal) {
        return new RedisConfigurationException(
                settings.about("it refuses to track our keys: " + refusal.getMessage()
                        + "; give the user the right to CLIENT TRACKING, and leave RESP3 on in the client, or have the"
                        + " server send keyspace notifications (CONFIG SET notify-keyspace-events "
                        + NotifyFlags.NEEDED.setting()
                        + ", channels &__keyevent@*); until then every answer from memory is checked first"),
                refusal);
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromCompletionStage(connection::closeAsync);
    }
}
