package dev.reactivecache.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.CacheMode;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A hit in Redis, for values of one size: bare Lettuce, and this cache with memory left out. */
public final class RemoteHits implements AutoCloseable {
    private static final int KEYS = 4_096;
    private static final int TOGETHER = 64;

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> bare;
    private final RedisTier tier;
    private final ReactiveCache<String, byte[]> ours;
    private final String[] keys =
            IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toArray(String[]::new);
    private final byte[][] names = IntStream.range(0, KEYS)
            .mapToObj(i -> ("bare:key-" + i).getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    private final int size;

    /** Prints a table. The argument, if any, is how many rounds of 300 milliseconds each contender runs; 11 by default. */
    public static void main(String[] args) throws IOException {
        int rounds = args.length == 0 ? 11 : Integer.parseInt(args[0]);
        try (LocalRedis redis = LocalRedis.start()) {
            for (int size : new int[] {100, 1_024, 10_240}) {
                try (RemoteHits hits = new RemoteHits(redis, size)) {
                    hits.races().forEach(race -> race.run(rounds, 300_000_000L).forEach(System.out::println));
                }
            }
        }
    }

    RemoteHits(LocalRedis redis, int size) {
        this.size = size;
        this.client = RedisClient.create(redis.uri());
        this.bare = client.connect(ByteArrayCodec.INSTANCE);
        this.tier = RedisTier.connect(redis.uri());
        tier.ready().block(Duration.ofSeconds(20));
        this.ours = ReactiveCache.<String, byte[]>builder("bench")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofBytes())
                .remote(tier)
                .mode(CacheMode.REMOTE_ONLY)
                .ttl(Duration.ofHours(1))
                .build();
        byte[] value = new byte[size];
        Flux.range(0, KEYS)
                .flatMap(i -> ours.put(keys[i], value).then(bare.reactive().set(names[i], value)), 128)
                .blockLast(Duration.ofMinutes(1));
    }

    List<Race> races() {
        List<Race> races = new ArrayList<>();
        for (int inFlight : new int[] {512, 64, 1}) {
            List<Contender> contenders = new ArrayList<>();
            contenders.add(
                    contender("bare GET", inFlight, 1, i -> bare.reactive().get(names[i])));
            if (inFlight >= TOGETHER) {
                contenders.add(contender("bare MGET of 64", inFlight / TOGETHER, TOGETHER, this::mget));
            }
            contenders.add(contender("Reactive Cache", inFlight, 1, i -> ours.get(keys[i])));
            races.add(new Race("hit in Redis, " + size + " B, " + inFlight + " in flight", contenders));
        }
        return races;
    }

    private Publisher<List<KeyValue<byte[], byte[]>>> mget(int first) {
        byte[][] some = new byte[TOGETHER][];
        for (int i = 0; i < TOGETHER; i++) {
            some[i] = names[(first + i) & (KEYS - 1)];
        }
        return bare.reactive().mget(some).collectList();
    }

    private static Contender contender(String name, int inFlight, int step, IntFunction<Publisher<?>> read) {
        return new Contender(name, nanos -> {
            long end = System.nanoTime() + nanos;
            return step
                    * requireNonNull(Flux.<Integer, Integer>generate(() -> 0, (turn, sink) -> {
                                if (System.nanoTime() - end >= 0) {
                                    sink.complete();
                                } else {
                                    sink.next(turn & (KEYS - 1));
                                }
                                return turn + step;
                            })
                            .flatMap(read::apply, inFlight, 1)
                            .count()
                            .block());
        });
    }

    @Override
    public void close() {
        ours.close().block(Duration.ofSeconds(10));
        tier.close().block(Duration.ofSeconds(10));
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
