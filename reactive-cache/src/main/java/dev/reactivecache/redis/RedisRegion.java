package dev.reactivecache.redis;

import static dev.reactivecache.redis.WireFormat.hex;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Spread;
import dev.reactivecache.remote.Windows;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One cache's keys in Redis: a plain GET to read, one script for each change. */
final class RedisRegion implements RemoteRegion {
    private static final byte[] NOTHING = {};
    private static final byte[] VALUE = {'V'};
    private static final byte[] ABSENT = {'A'};
    private static final byte[] NO_VALUE = {'-'};

    private final String cache;
    private final byte[] prefix;
    private final Masters masters;
    private final ReadBatches reads;
    private final RedisSettings settings;
    private final Presence presence;
    private final Receipts receipts;
    private final Room room;
    private final Runnable onClose;
    private final Epoch unannounced;
    private final RedisGenerations generations;

    RedisRegion(
            String cache,
            Masters masters,
            ReadBatches reads,
            RedisSettings settings,
            Presence presence,
            Receipts receipts,
            Room room,
            Runnable onClose) {
        this.cache = cache;
        this.prefix = settings.keys().entryPrefix(cache);
        this.masters = masters;
        this.reads = reads;
        this.settings = settings;
        this.presence = presence;
        this.receipts = receipts;
        this.room = room;
        this.onClose = onClose;
        this.generations = new RedisGenerations(cache, masters, settings);
        this.unannounced = Epoch.none(settings.stalenessBound().toNanos());
    }

    @Override
    public Epoch epoch(String key) {
        return presence.isAnswered(cache) ? masters.epoch(() -> name(key)) : unannounced;
    }

    @Override
    public Mono<RemoteState> read(String key) {
        return reads.read(name(key));
    }

    @Override
    public Mono<RemoteState> inspect(String key) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            long sentAt = settings.timer().now();
            return masters.send(
                            name, settings.readTimeout(), commands -> commands.getrange(name, 0, WireFormat.HEADER - 1))
                    .map(header -> WireFormat.decode(header, masters.serverMillisAt(name, sentAt), false))
                    .onErrorResume(RedisFailures::isWrongType, e -> Mono.just(new RemoteState.Foreign()))
                    .defaultIfEmpty(new RemoteState.Missing());
        });
    }

    /** Within the read timeout: a read waits for the answer. */
    @Override
    public Mono<RemoteState> lease(String key, long token, Duration lease, long unreadable) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            long sentAt = settings.timer().now();
            OwnFills fills = masters.notes(name).fills();
            fills.claim(name, token);
            return room.watch(
                            Script.LEASE,
                            masters.<byte[]>run(
                                    settings.readTimeout(),
                                    Script.LEASE,
                                    ScriptOutputType.VALUE,
                                    name,
                                    hex(token),
                                    millis(lease),
                                    hex(unreadable)))
                    .doOnNext(reply -> {
                        if (reply[0] != 'L') {
                            fills.forget(name, token);
                        }
                    })
                    .map(reply -> switch (reply[0]) {
                        case 'L' -> new RemoteState.Leased(unreadable != RemoteState.NO_STAMP);
                        case 'O' ->
                            new RemoteState.Loading(TimeUnit.MILLISECONDS.toNanos(
                                    Long.parseLong(new String(reply, 1, reply.length - 1, StandardCharsets.US_ASCII))));
                        case 'W' -> new RemoteState.Writing();
                        default -> WireFormat.decode(reply, masters.serverMillisAt(name, sentAt), true);
                    });
        });
    }

    @Override
    public Mono<RemoteState> refresh(String key, long token, Duration lease, long stamp, Duration within) {
        return Mono.error(new UnsupportedOperationException("layout 1 has no windows"));
    }

    @Override
    public Mono<Boolean> renew(String key, long token, Duration lease) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            masters.notes(name).fills().claim(name, token);
            return number(Script.RENEW, name, hex(token), millis(lease)).map(renewed -> renewed == 1);
        });
    }

    @Override
    public Mono<Long> fill(String key, long token, NewValue value) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            long stamp = Tokens.next();
            FillNotes notes = masters.notes(name);
            notes.fills().fill(name, token, stamp);
            return number(
                            Script.FILL,
                            name,
                            hex(token),
                            state(value),
                            payload(value),
                            hex(stamp),
                            millis(value.ttl()),
                            millis(value.loadTime()),
                            MarkFormat.encode(value.mark()),
                            notes.channel(),
                            notes.node())
                    .map(stored -> stored == 1 ? stamp : RemoteState.NO_STAMP);
        });
    }

    @Override
    public Mono<Boolean> extend(String key, long token, long stamp, Duration ttl, Windows windows, Duration loadTime) {
        return Mono.error(new UnsupportedOperationException("layout 1 has no windows"));
    }

    @Override
    public Mono<Void> release(String key, long token) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            FillNotes notes = masters.notes(name);
            notes.fills().forget(name, token);
            return number(Script.RELEASE, name, hex(token), notes.channel(), notes.node())
                    .then();
        });
    }

    @Override
    public Mono<Duration> rest(String key, long token, Duration first, Duration longest) {
        return Mono.error(new UnsupportedOperationException("layout 1 has no windows"));
    }

    @Override
    public Mono<Void> remove(String key, long token) {
        return Mono.error(new UnsupportedOperationException("layout 1 has no windows"));
    }

    @Override
    public Mono<Void> invalidate(String key) {
        return number(Script.INVALIDATE, name(key)).then();
    }

    @Override
    public Mono<Void> beginWrite(String key, long token, Duration quarantine) {
        return number(Script.BEGIN_WRITE, name(key), hex(token), millis(quarantine))
                .then();
    }

    @Override
    public Mono<Void> endWrite(String key, long token, @Nullable NewValue value) {
        byte[] name = name(key);
        if (value == null) {
            byte[] none = millis(Duration.ZERO);
            return number(Script.END_WRITE, name, hex(token), NO_VALUE, NOTHING, NOTHING, none, none, NOTHING)
                    .then();
        }
        return Mono.defer(() -> number(
                        Script.END_WRITE,
                        name,
                        hex(token),
                        state(value),
                        payload(value),
                        hex(Tokens.next()),
                        millis(value.ttl()),
                        millis(value.loadTime()),
                        MarkFormat.encode(value.mark())))
                .then();
    }

    @Override
    public Mono<Void> put(String key, NewValue value) {
        byte[] name = name(key);
        return Mono.defer(() -> number(
                        Script.PUT,
                        name,
                        state(value),
                        payload(value),
                        hex(Tokens.next()),
                        millis(value.ttl()),
                        millis(value.loadTime()),
                        MarkFormat.encode(value.mark()),
                        deadline(name)))
                .then();
    }

    /** By then, on the server's clock, the caller of what is sent now has had its timeout. */
    private byte[] deadline(byte[] name) {
        long sentAt = masters.leastServerMillisAt(name, settings.timer().now());
        long deadline = sentAt == Long.MAX_VALUE
                ? sentAt
                : sentAt + settings.writeTimeout().toMillis();
        return Long.toString(deadline).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Flux<Spread> spread(String key) {
        return receipts.ask(cache, name(key));
    }

    @Override
    public Epoch generationEpoch() {
        return presence.isAnswered(cache) ? masters.epoch(generations::name) : unannounced;
    }

    @Override
    public Mono<Generation> generation(Collection<String> tags) {
        return generations.read(tags);
    }

    @Override
    public Mono<Void> endGeneration(@Nullable String tag) {
        return generations.end(tag);
    }

    @Override
    public Flux<Spread> spreadOfGeneration(@Nullable String tag) {
        return receipts.ask(cache, settings.keys().endedKey(cache, tag));
    }

    @Override
    public Flux<String> keys(String prefix) {
        return masters.scan(settings.keys().entryPrefix(cache, prefix))
                .mapNotNull(settings.keys()::parse)
                .map(KeyLayout.EntryKey::text);
    }

    private Mono<Long> number(Script script, byte[] name, byte[]... args) {
        return room.watch(script, masters.run(settings.writeTimeout(), script, ScriptOutputType.INTEGER, name, args));
    }

    private byte[] name(String key) {
        return KeyLayout.entryKey(prefix, key);
    }

    private static byte[] state(NewValue value) {
        return value.payload() == null ? ABSENT : VALUE;
    }

    private static byte[] payload(NewValue value) {
        byte[] payload = value.payload();
        return payload == null ? NOTHING : payload;
    }

    private static byte[] millis(Duration duration) {
        return Long.toString(duration.toMillis()).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        onClose.run();
    }
}
