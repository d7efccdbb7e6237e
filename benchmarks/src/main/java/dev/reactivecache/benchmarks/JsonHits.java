package dev.reactivecache.benchmarks;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.JacksonCodec;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** A hit in Redis, of a document of about 1 KB of JSON, which each contender turns into an object by Jackson. */
final class JsonHits implements AutoCloseable {
    private static final int KEYS = 4_096;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> bare;
    private final RedisTier tier;
    private final ReactiveCache<Integer, Document> ours;
    private final byte[][] names = IntStream.range(0, KEYS)
            .mapToObj(i -> ("json:" + i).getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);

    /** A product, say. */
    record Document(long id, String name, List<Line> lines) {}

    /** A part of it. */
    record Line(String key, String value, double weight) {}

    JsonHits(LocalRedis redis) {
        this.client = RedisClient.create(redis.uri());
        this.bare = client.connect(ByteArrayCodec.INSTANCE);
        this.tier = RedisTier.connect(redis.uri());
        tier.ready().block(Duration.ofSeconds(20));
        // a copy in memory has ended when its key's turn comes again
        this.ours = ReactiveCache.<Integer, Document>builder("json")
                .key(KeyCodec.ofInt())
                .value(JacksonCodec.of(Document.class))
                .local(LocalTier.<Integer, Document>maximumSize(2L * KEYS).withTtl(Duration.ofMillis(1)))
                .remote(tier)
                .ttl(Duration.ofHours(1))
                .build();
        Flux.range(0, KEYS)
                .flatMap(
                        i -> Mono.when(
                                ours.put(i, document(i)),
                                bare.reactive().set(names[i], MAPPER.writeValueAsBytes(document(i)))),
                        64)
                .blockLast(Duration.ofMinutes(1));
    }

    private static Document document(int id) {
        List<Line> lines = IntStream.range(0, 16)
                .mapToObj(i -> new Line("property " + i, "value " + id + " of " + i, i / 8.0))
                .toList();
        return new Document(id, "product " + id, lines);
    }

    List<Contender> contenders(int inFlight) {
        ObjectReader reader = MAPPER.readerFor(Document.class);
        return List.of(
                contender(Figure.OURS, inFlight, ours::get),
                contender(
                        "Lettuce, GET",
                        inFlight,
                        i -> bare.reactive().get(names[i]).<Document>map(reader::readValue)));
    }

    private static Contender contender(String name, int inFlight, IntFunction<Publisher<?>> read) {
        return new Contender(name, new InFlight(read, inFlight, 1, KEYS)::runFor);
    }

    @Override
    public void close() {
        ours.close().block(Duration.ofSeconds(10));
        tier.close().block(Duration.ofSeconds(10));
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
