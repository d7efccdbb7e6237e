package dev.reactivecache;

import dev.reactivecache.internal.policy.Checks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an {@linkplain ReactiveCache#invalidate(Object, Awaiting) invalidation} waits for. Immutable. */
public final class Awaiting {
    private static final Awaiting ACKNOWLEDGEMENT = new Awaiting(null);

    private final @Nullable Duration everyNodeFor;

    private Awaiting(@Nullable Duration everyNodeFor) {
        this.everyNodeFor = everyNodeFor;
    }

    /**
     * Until the remote tier has acknowledged: from then on no read through it returns anything older, and other nodes'
     * memory follows within the lag of its notifications.
     */
    public static Awaiting acknowledgement() {
        return ACKNOWLEDGEMENT;
    }

    /**
     * Until every node that has the cache open has also dropped its own copy, or for this long, counted from the remote
     * tier's acknowledgement.
     *
     * @throws IllegalArgumentException if {@code timeout} is not above zero, or above 1,000 days
     */
    public static Awaiting everyNode(Duration timeout) {
        return new Awaiting(Checks.positive("everyNode", timeout));
    }

    /** For how long to wait for every node, or null to wait for the remote tier alone. */
    public @Nullable Duration everyNodeFor() {
        return everyNodeFor;
    }

    @Override
    public String toString() {
        return everyNodeFor == null ? "Awaiting[acknowledgement]" : "Awaiting[everyNode=" + everyNodeFor + "]";
    }
}
