package dev.reactivecache.benchmarks.growth;

import dev.reactivecache.CacheStats;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.benchmarks.Contender;
import dev.reactivecache.benchmarks.InFlight;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;

/**
 * Reads of what Redis has: values of 100 bytes. One entry is written by each contender, and a script in Redis gives all
 * other keys the same: a million writes would take longer than all that is measured.
 */
final class RemoteReads implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration TTL = Duration.ofHours(1);
    private static final int IN_FLIGHT = 64;
    /** Has keys that end with a range of numbers hold what the one of number zero does. */
    private static final String COPY = """
            local value = redis.call('GET', KEYS[1] .. '0')
            for number = ARGV[1], ARGV[2] do
                redis.call('SET', KEYS[1] .. string.format('%d', number), value, 'PX', ARGV[3])
            end
            return #value""";
    /** Keys of one call of the script, so that no other client waits for long. */
    private static final int OF_A_CALL = 20_000;

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> bare;
    private final RedisTier tier;
    private final ReactiveCache<Integer, byte[]> ours;
    private final byte[][] names;

    RemoteReads(String uri, int keys) {
        this.client = RedisClient.create(uri);
        this.bare = client.connect(ByteArrayCodec.INSTANCE);
        this.names = IntStream.range(0, keys)
                .mapToObj(i -> ("bare:growth:" + i).getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        fill(uri, keys);
        this.tier = connect(uri);
        this.ours = cache(tier);
    }

    private static RedisTier connect(String uri) {
        RedisTier tier = RedisTier.connect(uri);
        tier.ready().block(PATIENCE);
        return tier;
    }

    private static ReactiveCache<Integer, byte[]> cache(RedisTier tier) {
        // a copy in memory has ended when its key's turn comes again
        return ReactiveCache.<Integer, byte[]>builder("growth")
                .key(KeyCodec.ofInt())
                .value(ValueCodec.ofBytes())
                .local(LocalTier.<Integer, byte[]>maximumSize(8_192).withTtl(Duration.ofMillis(1)))
                .remote(tier)
                .ttl(TTL)
                .jitter(0)
                .build();
    }

    /** While no tier listens: what the script sets is news to one. */
    private void fill(String uri, int keys) {
        byte[] value = new byte[100];
        RedisTier writer = connect(uri);
        ReactiveCache<Integer, byte[]> cache = cache(writer);
        cache.put(0, value).block(PATIENCE);
        cache.close().then(writer.close()).block(PATIENCE);
        bare.sync().set(names[0], value);
        for (String prefix : List.of("rc:growth:", "bare:growth:")) {
            for (int from = 1; from < keys; from += OF_A_CALL) {
                bare.sync()
                        .eval(
                                COPY,
                                ScriptOutputType.INTEGER,
                                new byte[][] {bytes(prefix)},
                                bytes(from),
                                bytes(Math.min(keys, from + OF_A_CALL) - 1),
                                bytes(TTL.toMillis()));
            }
        }
    }

    private static byte[] bytes(Object text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    List<Contender> contenders() {
        return List.of(
                contender(Peer.OURS.title(), ours::get),
                contender("Lettuce, GET", i -> bare.reactive().get(names[i])));
    }

    private Contender contender(String name, IntFunction<Publisher<?>> read) {
        return new Contender(name, new InFlight(read, IN_FLIGHT, 1, names.length)::runFor);
    }

    /** Throws if reads of ours were anything but hits in Redis. */
    void verify() {
        CacheStats stats = ours.stats();
        if (stats.misses() > 0 || stats.localHits() > stats.remoteHits() / 100) {
            throw new IllegalStateException("not all were hits in Redis: " + stats);
        }
    }

    @Override
    public void close() {
        ours.close().then(tier.close()).block(PATIENCE);
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
