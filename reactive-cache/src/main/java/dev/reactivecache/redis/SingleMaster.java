package dev.reactivecache.redis;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RemoteHealth;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The one master there is: at a fixed address, or wherever Sentinels say that it is. */
final class SingleMaster implements Masters {
    private final RedisSettings settings;
    private final Shard shard;
    private final Mono<Void> closeClient;

    SingleMaster(SingleClient client, RedisSettings settings, ChangeListener changes, Masters.Listener listener) {
        this.settings = settings;
        this.closeClient = client.close();
        FillNotes notes = new FillNotes(
                settings.keys().fillsChannel(String.valueOf(settings.uri().getDatabase())), Tokens.next());
        this.shard = new Shard(
                client.client(), settings, notes, ServerKeys.all(settings.keys()), changes, listener, () -> {});
    }

    @Override
    public void open() {
        shard.open();
    }

    @Override
    public <T> Mono<T> send(
            byte[] key, Duration timeout, Function<RedisClusterReactiveCommands<byte[], byte[]>, Mono<T>> command) {
        return shard.link().send(timeout, command);
    }

    @Override
    public <T> CompletableFuture<T> submit(
            byte[] key, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return shard.link().submit(command);
    }

    @Override
    public <T> Mono<T> run(Duration timeout, Script script, ScriptOutputType type, byte[] key, byte[]... args) {
        return shard.link().run(timeout, script, type, key, args);
    }

    @Override
    public Flux<byte[]> scan(byte[] prefix) {
        return shard.scan(prefix);
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public int slot(byte[] key) {
        return 0; // all can be asked for together
    }

    @Override
    public long serverMillisAt(byte[] key, long nanos) {
        return shard.link().serverMillisAt(nanos);
    }

    @Override
    public long leastServerMillisAt(byte[] key, long nanos) {
        return shard.link().leastServerMillisAt(nanos);
    }

    @Override
    public byte[] node() {
        return shard.notes().node();
    }

    @Override
    public FillNotes notes(byte[] key) {
        return shard.notes();
    }

    @Override
    public Epoch epoch(Supplier<byte[]> key) {
        return shard.stream().epoch();
    }

    @Override
    public Mono<Void> ready() {
        return shard.status().ready();
    }

    @Override
    public RemoteHealth health() {
        String trouble = shard.trouble();
        Duration silence = shard.stream().silence();
        boolean live = silence != null && !shard.isLate(silence);
        return new RemoteHealth(shard.link().isOpen(), live, silence, trouble);
    }

    @Override
    public String server() {
        return settings.server();
    }

    @Override
    public Mono<Void> close() {
        return shard.close().then(closeClient);
    }
}
