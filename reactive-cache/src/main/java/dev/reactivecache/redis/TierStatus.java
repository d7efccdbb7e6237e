package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Whether the tier works, and if not, why. A problem is logged once, not each time it is met again. */
final class TierStatus {
    private static final Logger LOG = LoggerFactory.getLogger(TierStatus.class);

    /** Of different problems between two times that all is well; the rest show in the health alone. */
    private static final int MOST_LOGGED = 32;

    private final String server;
    private final Runnable onChange;
    private final AtomicReference<@Nullable RemoteTierException> problem = new AtomicReference<>();
    private final Sinks.Many<Boolean> changes = Sinks.many().replay().latest();
    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private volatile boolean live;
    private volatile boolean closed;

    /** @param onChange called after each change */
    TierStatus(String server, Runnable onChange) {
        this.server = server;
        this.onChange = onChange;
    }

    /** The stream is live: all is well. */
    void live() {
        live = true;
        logged.clear();
        if (problem.getAndSet(null) != null) {
            LOG.info("Redis at {} is usable again", server);
        }
        changed();
    }

    /** Something does not work; it is being tried again. */
    void failed(RemoteTierException failure) {
        if (closed) {
            return; // what still fails then is of no interest
        }
        live = false;
        problem.set(failure);
        String message = String.valueOf(failure.getMessage());
        if (logged.size() < MOST_LOGGED && logged.add(message)) {
            LOG.warn("{}", message);
        }
        changed();
    }

    /** Takes over what is true of several servers together. Each has logged its own problem. */
    void shows(boolean allLive, @Nullable RemoteTierException trouble) {
        if (!closed && (live != allLive || problem.get() != trouble)) {
            live = allLive;
            problem.set(trouble);
            changed();
        }
    }

    void closed() {
        closed = true;
        live = false;
        problem.set(new RemoteTierException("Redis at " + server + ": the tier is closed", null));
        changed();
    }

    boolean isClosed() {
        return closed;
    }

    boolean isLive() {
        return live;
    }

    @Nullable
    RemoteTierException problem() {
        return problem.get();
    }

    /** Completes when all is well; errors when that needs a person's help. */
    Mono<Void> ready() {
        return changes.asFlux()
                .filter(change -> live || needsHelp())
                .next()
                .flatMap(change -> live ? Mono.empty() : Mono.<Void>error(Objects.requireNonNull(problem.get())))
                .then();
    }

    private boolean needsHelp() {
        return closed || problem.get() instanceof RedisConfigurationException;
    }

    private void changed() {
        changes.emitNext(true, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
        onChange.run();
    }
}
