package dev.reactivecache.spring;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Lettuce take its short locks, as the class of this name in the core's tests does, and for the same reason:
 * thrown there, BlockHound's error makes Lettuce give back a right to write that it never took, and the next thread
 * that writes to the connection, one of Reactor's few timers for example, spins for ever.
 */
public final class LettuceLocks implements BlockHoundIntegration {
    private static final String LOCK = "io.lettuce.core.protocol.SharedLock";
    private static final String TRANSLATORS = "io.lettuce.core.internal.AbstractInvocationHandler$MethodTranslator";

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(LOCK, "incrementWriters")
                .allowBlockingCallsInside(LOCK, "doExclusive")
                .allowBlockingCallsInside(TRANSLATORS, "of");
    }
}
