package dev.reactivecache.redis;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Lettuce take the short lock that guards its connections. If BlockHound threw there, Lettuce would give back a
 * right to write that it never took ({@code DefaultEndpoint.write}), and whoever next reconnects that connection, or
 * closes it, would spin in {@code SharedLock.lockWritersExclusive} for ever. And the lock that each new connection
 * takes for a moment, which several that are made at once compete for.
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
