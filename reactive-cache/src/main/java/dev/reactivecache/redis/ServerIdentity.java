package dev.reactivecache.redis;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Which run of which server answers commands. Another one, be it a promoted replica or the same server restarted, may
 * lack what the one before had acknowledged.
 */
final class ServerIdentity {
    private static final String NOT_TOLD = "";

    private final CommandLink link;
    private final RedisSettings settings;
    private final AtomicReference<@Nullable String> known = new AtomicReference<>();

    ServerIdentity(CommandLink link, RedisSettings settings) {
        this.link = link;
        this.settings = settings;
    }

    /**
     * Asks, and emits whether it is, or may be, another than when it was last asked; not the first time. Never errors.
     *
     * @param suspect whether to take it for another if it does not say
     */
    Mono<Boolean> isAnother(boolean suspect) {
        return link.send(settings.readTimeout(), commands -> ServerInfo.ask(commands, "server"))
                .map(info -> info.fields().getOrDefault("run_id", NOT_TOLD))
                .onErrorReturn(NOT_TOLD)
                .map(now -> compare(now, suspect));
    }

    private boolean compare(String now, boolean suspect) {
        if (now.equals(NOT_TOLD)) {
            return !known.compareAndSet(null, NOT_TOLD) && suspect; // what it said before is still of use
        }
        String before = known.getAndSet(now);
        return NOT_TOLD.equals(before) ? suspect : before != null && !before.equals(now);
    }
}
