package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One master: a connection for commands to it, and the stream of its changes. */
final class Shard {
    private final RedisSettings settings;
    private final TierStatus status;
    private final CommandLink link;
    private final FillNotes notes;
    private final ServerIdentity identity;
    private final ChangeStream stream;
    private final KeyScan scan;

    /**
     * @param client makes the connections
     * @param notes of fills, as they come on this master's stream
     * @param keys that this master has, and no cache
     * @param changes hears of its changes
     * @param listener hears of gaps, and that it is back
     * @param onStatus called when this master begins to work, or ceases to
     */
    Shard(
            RedisClient client,
            RedisSettings settings,
            FillNotes notes,
            ServerKeys keys,
            ChangeListener changes,
            Masters.Listener listener,
            Runnable onStatus) {
        this.settings = settings;
        this.notes = notes;
        this.status = new TierStatus(settings.server(), onStatus);
        RedisConnector connector = new RedisConnector(client, settings, status);
        this.identity = new ServerIdentity(settings);
        this.link = new CommandLink(connector, settings, status, keys, commands -> arrive(commands, listener));
        this.scan = KeyScan.over(link, settings);
        this.stream = new ChangeStream(connector, link, settings, status, notes, changes, new StreamOwner(listener));
    }

    /** Finds out whether the server is still the same when the stream is proved. */
    private final class StreamOwner implements ChangeStream.Owner {
        private final Masters.Listener listener;

        StreamOwner(Masters.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onGap(String reason) {
            listener.onGap(reason);
        }

        @Override
        public void onReplaced() {
            listener.onBack(true);
        }

        @Override
        public void onProved(boolean anew) {
            identity.isAnother(link, anew).subscribe(another -> {
                if (anew || another) {
                    listener.onBack(another);
                }
            });
        }
    }

    /** What another server may lack is known to be kept before the first read asks it. */
    private Mono<Void> arrive(RedisClusterReactiveCommands<byte[], byte[]> commands, Masters.Listener listener) {
        return identity.isAnother(commands)
                .filter(another -> another)
                .doOnNext(another -> listener.onBack(true))
                .then();
    }

    /** Connects and listens in the background, and keeps at it. */
    void open() {
        link.open(stream::open);
    }

    CommandLink link() {
        return link;
    }

    ChangeStream stream() {
        return stream;
    }

    /** All of its keys that begin so, some perhaps twice. */
    Flux<byte[]> scan(byte[] prefix) {
        return scan.keys(prefix);
    }

    FillNotes notes() {
        return notes;
    }

    TierStatus status() {
        return status;
    }

    /** Whether its changes arrive, at this moment. */
    boolean isLive() {
        return stream.epoch().isLive();
    }

    /** What is wrong, for people, or null. */
    @Nullable
    String trouble() {
        RemoteTierException problem = status.problem();
        if (problem != null) {
            return problem.getMessage();
        }
        Duration silence = stream.silence();
        return isLate(silence) ? settings.about("its stream of changes has been silent for " + silence) : null;
    }

    boolean isLate(@Nullable Duration silence) {
        return silence != null && silence.compareTo(settings.stalenessBound()) > 0;
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            status.closed();
            return stream.close().onErrorComplete().then(link.close().onErrorComplete());
        });
    }
}
