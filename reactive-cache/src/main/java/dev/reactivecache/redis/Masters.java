package dev.reactivecache.redis;

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

/** The servers that a tier reads and changes: masters only, one or many. Each key has one, and one epoch is for all. */
interface Masters {
    /** Hears how the masters are, in order with the changes of each. */
    interface Listener {
        /** Changes may have been missed. */
        void onGap(String reason);

        /**
         * A master works again, or for the first time.
         *
         * @param mayHaveLost whether it may lack what was acknowledged before
         */
        void onBack(boolean mayHaveLost);
    }

    /** Makes them; they are not open yet. */
    interface Factory {
        Masters create(RedisSettings settings, ChangeListener changes, Listener listener);
    }

    /** Connects and listens in the background, and keeps at it. */
    void open();

    /** Sends a command on one key to its master. */
    <T> Mono<T> send(
            byte[] key, Duration timeout, Function<RedisClusterReactiveCommands<byte[], byte[]>, Mono<T>> command);

    /** Sends a command on one key at once, without a timeout, which the caller enforces; fails as Lettuce does. */
    <T> CompletableFuture<T> submit(
            byte[] key, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command);

    /** Runs a script on one key. */
    <T> Mono<T> run(Duration timeout, Script script, ScriptOutputType type, byte[] key, byte[]... args);

    /** All keys of all masters that begin so, some perhaps twice. Errors if masters or slots change meanwhile. */
    Flux<byte[]> scan(byte[] prefix);

    /** How many slots there are: keys of one slot can be asked for with one command. */
    int slots();

    /** The slot of a key, from 0. */
    int slot(byte[] key);

    /** What the clock of a key's master says at a moment of this node's, or more. */
    long serverMillisAt(byte[] key, long nanos);

    /** What it says at least; more than any clock says, if that is not known. */
    long leastServerMillisAt(byte[] key, long nanos);

    /** This node, as the scripts spell it. */
    byte[] node();

    /** The notes of fills that are read on the stream of a key's master. */
    FillNotes notes(byte[] key);

    /** The epoch that what is now read of a key belongs to. The key is asked for only if it matters. */
    Epoch epoch(Supplier<byte[]> key);

    /** Completes when all is well; errors when that needs a person's help. */
    Mono<Void> ready();

    RemoteHealth health();

    /** Where they are, for messages: without user and password. */
    String server();

    Mono<Void> close();
}
