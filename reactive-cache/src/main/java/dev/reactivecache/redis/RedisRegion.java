package dev.reactivecache.redis;

import static dev.reactivecache.redis.ScriptArguments.millis;
import static dev.reactivecache.redis.WireFormat.bytes;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Spread;
import dev.reactivecache.remote.Windows;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One cache's keys in Redis: a plain GET to read, one script for each change. */
final class RedisRegion implements RemoteRegion {
    private static final byte[] CANNOT_ANSWER = {'-'};
    private static final byte[] STAYS = {};
    private static final byte[] GOES = {'-'};

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

    @Override
    public Mono<RemoteState> lease(String key, long token, Duration lease, long unreadable) {
        return askFor(name(key), token, lease, unreadable, CANNOT_ANSWER);
    }

    @Override
    public Mono<RemoteState> refresh(String key, long token, Duration lease, long stamp, Duration within) {
        return askFor(name(key), token, lease, stamp, millis(within));
    }

    /** Within the read timeout: a read waits for the answer. */
    private Mono<RemoteState> askFor(byte[] name, long token, Duration lease, long stamp, byte[] within) {
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
                                    bytes(token),
                                    millis(lease),
                                    bytes(stamp),
                                    within))
                    .doOnNext(reply -> {
                        if (!LeaseAnswer.isGranted(reply)) {
                            fills.forget(name, token);
                        }
                    })
                    .map(reply -> LeaseAnswer.decode(reply, masters.serverMillisAt(name, sentAt)));
        });
    }

    @Override
    public Mono<Boolean> renew(String key, long token, Duration lease) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            masters.notes(name).fills().claim(name, token);
            return number(Script.RENEW, name, bytes(token), millis(lease)).map(renewed -> renewed == 1);
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
                            ScriptArguments.all(
                                    new byte[][] {bytes(token)},
                                    ScriptArguments.stored(value, stamp),
                                    new byte[][] {notes.channel(), notes.node()}))
                    .map(stored -> stored == 1 ? stamp : RemoteState.NO_STAMP);
        });
    }

    @Override
    public Mono<Boolean> extend(String key, long token, long stamp, Duration ttl, Windows windows, Duration loadTime) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            FillNotes notes = masters.notes(name);
            notes.fills().fill(name, token, stamp);
            return number(
                            Script.EXTEND,
                            name,
                            ScriptArguments.all(
                                    new byte[][] {bytes(token), bytes(stamp)},
                                    ScriptArguments.life(ttl, windows),
                                    new byte[][] {millis(loadTime), notes.channel()}))
                    .map(extended -> extended == 1);
        });
    }

    @Override
    public Mono<Void> release(String key, long token) {
        return giveBack(key, token, Duration.ZERO, Duration.ZERO, STAYS).then();
    }

    @Override
    public Mono<Duration> rest(String key, long token, Duration first, Duration longest) {
        return giveBack(key, token, first, longest, STAYS)
                .map(answer -> Duration.ofMillis(Math.max(0, answer - 1))); // 1 and the rest, or 0
    }

    @Override
    public Mono<Void> remove(String key, long token) {
        return giveBack(key, token, Duration.ZERO, Duration.ZERO, GOES).then();
    }

    private Mono<Long> giveBack(String key, long token, Duration first, Duration longest, byte[] value) {
        byte[] name = name(key);
        return Mono.defer(() -> {
            FillNotes notes = masters.notes(name);
            notes.fills().forget(name, token);
            return number(
                    Script.RELEASE,
                    name,
                    bytes(token),
                    notes.channel(),
                    notes.node(),
                    millis(first),
                    millis(longest),
                    value);
        });
    }

    @Override
    public Mono<Void> invalidate(String key) {
        return number(Script.INVALIDATE, name(key)).then();
    }

    @Override
    public Mono<Void> beginWrite(String key, long token, Duration quarantine) {
        return number(Script.BEGIN_WRITE, name(key), bytes(token), millis(quarantine))
                .then();
    }

    @Override
    public Mono<Void> endWrite(String key, long token, @Nullable NewValue value) {
        byte[] name = name(key);
        return Mono.defer(() -> number(
                        Script.END_WRITE,
                        name,
                        ScriptArguments.all(new byte[][] {bytes(token)}, ScriptArguments.stored(value, Tokens.next()))))
                .then();
    }

    @Override
    public Mono<Void> put(String key, NewValue value) {
        byte[] name = name(key);
        return Mono.defer(() -> number(
                        Script.PUT,
                        name,
                        ScriptArguments.all(
                                ScriptArguments.stored(value, Tokens.next()), new byte[][] {deadline(name)})))
                .then();
    }

    /** By then, on the server's clock, the caller of what is sent now has had its timeout. */
    private byte[] deadline(byte[] name) {
        long sentAt = masters.leastServerMillisAt(name, settings.timer().now());
        long deadline = sentAt == Long.MAX_VALUE
                ? sentAt
                : sentAt + settings.writeTimeout().toMillis();
        return ScriptArguments.decimal(deadline);
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

    @Override
    public void close() {
        onClose.run();
    }
}
