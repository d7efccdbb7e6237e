package dev.reactivecache.redis;

import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Which run of which server answers commands. Another one, be it a promoted replica or the same server restarted, may
 * lack what the one before had acknowledged.
 */
final class ServerIdentity {
    private static final String NOT_SAID = "";

    private final RedisSettings settings;
    private final AtomicReference<@Nullable String> known = new AtomicReference<>();

    ServerIdentity(RedisSettings settings) {
        this.settings = settings;
    }

    /**
     * Asks, and emits whether it is, or may be, another than when it was last asked; not the first time. Never errors.
     *
     * @param suspect whether to take it for another if it does not say
     */
    Mono<Boolean> isAnother(CommandLink link, boolean suspect) {
        return runId(link.send(settings.readTimeout(), commands -> ServerInfo.ask(commands, "server")))
                .onErrorReturn(NOT_SAID)
                .map(now -> compare(now, suspect));
    }

    /** The same, on a connection that is not in use yet. A server that does not tell is left to the next question. */
    Mono<Boolean> isAnother(RedisClusterReactiveCommands<byte[], byte[]> commands) {
        return runId(ServerInfo.ask(commands, "server"))
                .filter(now -> !now.equals(NOT_SAID))
                .map(now -> compare(now, false))
                .defaultIfEmpty(false);
    }

    private static Mono<String> runId(Mono<ServerInfo> info) {
        return info.map(answer -> answer.fields().getOrDefault("run_id", NOT_SAID));
    }

    private boolean compare(String now, boolean suspect) {
        if (now.equals(NOT_SAID)) {
            return !known.compareAndSet(null, NOT_SAID) && suspect; // what it said before is still of use
        }
        String before = known.getAndSet(now);
        return NOT_SAID.equals(before) ? suspect : before != null && !before.equals(now);
    }
}
