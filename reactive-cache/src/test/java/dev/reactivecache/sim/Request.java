package dev.reactivecache.sim;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** A command on its way: what the server does with it, and who waits for the answer. */
final class Request {
    private final Function<Server.Session, @Nullable Object> work;
    private final MonoSink<Object> asker;
    private boolean abandoned;

    Request(Function<Server.Session, @Nullable Object> work, MonoSink<Object> asker) {
        this.work = work;
        this.asker = asker;
        asker.onDispose(() -> abandoned = true);
    }

    /** Whether nobody waits any more. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** Runs on the server; an error is an answer, too. */
    @Nullable
    Object execute(Server.Session session) {
        try {
            return work.apply(session);
        } catch (RuntimeException refusal) {
            return refusal;
        }
    }

    void answer(@Nullable Object reply) {
        if (reply instanceof RuntimeException refusal) {
            asker.error(refusal);
        } else {
            asker.success(reply);
        }
    }
}
