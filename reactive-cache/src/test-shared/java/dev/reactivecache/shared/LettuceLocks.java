package dev.reactivecache.shared;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Lettuce take two short locks: the one that guards each of its connections, and the one that new connections
 * take for a moment, which several that are made at once compete for.
 *
 * <p>If BlockHound threw at the first, Lettuce would give back a right to write that it never took
 * ({@code DefaultEndpoint.write}). The next thread that writes to that connection, reconnects or closes it would then
 * spin in {@code SharedLock.lockWritersExclusive} for ever; it may be one of Reactor's few timers.
 *
 * <p>Over TLS each connection builds its context on an event loop, which seeds itself from the system's source of
 * randomness, and so does the handshake; that source does not wait.
 */
public final class LettuceLocks implements BlockHoundIntegration {
    private static final String LOCK = "io.lettuce.core.protocol.SharedLock";
    private static final String TLS = "io.lettuce.core.SslConnectionBuilder$SslChannelInitializer";
    private static final String RANDOM = "sun.security.provider.NativePRNG$RandomIO";
    private static final String TRANSLATORS = "io.lettuce.core.internal.AbstractInvocationHandler$MethodTranslator";

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(LOCK, "incrementWriters")
                .allowBlockingCallsInside(LOCK, "doExclusive")
                .allowBlockingCallsInside(TRANSLATORS, "of")
                .allowBlockingCallsInside(TLS, "initializeSSLEngine")
                .allowBlockingCallsInside(RANDOM, "readFully");
    }
}
