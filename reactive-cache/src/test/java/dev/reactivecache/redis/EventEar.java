package dev.reactivecache.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Listens to keyspace events as a stranger would: what it heard is {@code event key}, in order. */
final class EventEar implements AutoCloseable {
    private final RedisClient client = RedisClient.create();
    private final StatefulRedisPubSubConnection<String, String> connection;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private EventEar(String uri, String... events) {
        RedisURI address = RedisURI.create(uri);
        connection = client.connectPubSub(address);
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String key) {
                heard.add(channel.substring(channel.indexOf(':') + 1) + ' ' + key);
            }
        });
        connection
                .sync()
                .subscribe(Stream.of(events)
                        .map(event -> "__keyevent@" + address.getDatabase() + "__:" + event)
                        .toArray(String[]::new));
    }

    static EventEar on(String uri, String... events) {
        return new EventEar(uri, events);
    }

    /** What has come so far. */
    List<String> heard() {
        return heard;
    }

    /** What has come of everything that Redis did before now. */
    List<String> heardByNow() {
        connection.sync().ping();
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
