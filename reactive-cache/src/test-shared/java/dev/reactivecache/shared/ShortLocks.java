package dev.reactivecache.shared;

import java.util.List;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * All that BlockHound lets pass of Netty, Lettuce and the JDK below them in the tests of every module, besides what
 * they ask for themselves.
 *
 * <p>But for the first, each is a lock that guards a few instructions. It is taken without waiting unless two threads
 * meet in them, so BlockHound sees it seldom, and what it then throws ends something else: a read that is never
 * answered, a connection that is never ready, a thread that spins. To see what there is, look for callers of
 * {@code lock}, {@code writeLock} and {@code BlockingQueue} in the class files.
 */
public final class ShortLocks implements BlockHoundIntegration {
    private static final String PARTITIONS = "io.lettuce.core.cluster.models.partitions.Partitions";
    private static final String CLUSTER_CONNECTIONS = "io.lettuce.core.cluster.PooledClusterConnectionProvider";

    /** The methods of one class in which threads may wait for each other. */
    record Passed(String type, String... methods) {}

    /** What is passed, each with its reason. */
    static final List<Passed> ALL = List.of(
            // random bytes for TLS, which the JDK reads from the kernel's generator a few hundred at a time; that never
            // waits. Lettuce makes the context of each connection on its event loop
            new Passed("sun.security.provider.NativePRNG$RandomIO", "readFully"),
            // memory for buffers that all event loops share: where threads compete, one gives its part of it up
            new Passed("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free"),
            new Passed("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "free"),
            // an executor that ends is woken through its LinkedBlockingQueue, by the event loop that closed the last
            // channel
            new Passed(
                    "io.netty.util.concurrent.SingleThreadEventExecutor",
                    "shutdown0",
                    "wakeup",
                    "peekTask",
                    "removeTask",
                    "runExistingTasksFrom",
                    "drainTasks"),
            // who writes to a connection. Lettuce would give back a right to write that it never took
            // (DefaultEndpoint.write), and the next thread that reconnects the connection, or closes it, would spin in
            // lockWritersExclusive for ever
            new Passed(
                    "io.lettuce.core.protocol.SharedLock", "incrementWriters", "lockWritersExclusive", "doExclusive"),
            // how commands are told apart: looked up by each new connection
            new Passed("io.lettuce.core.internal.AbstractInvocationHandler$MethodTranslator", "of"),
            // how many clients use a group of event loops: counted as they start and end
            new Passed("io.lettuce.core.resource.DefaultEventLoopGroupProvider", "addReference", "allocate", "release"),
            // the nodes of a cluster and the connections to them: replaced when its topology has been read anew
            new Passed(PARTITIONS, "add", "addAll", "addPartition", "clear", "reload", "remove", "updateCache"),
            new Passed(
                    CLUSTER_CONNECTIONS,
                    "getReadConnection",
                    "lambda$getReadConnection$5",
                    "lambda$getWriteConnection$1",
                    "resetFastConnectionCache",
                    "setAutoFlushCommands",
                    "setPartitions",
                    "setReadFrom"),
            new Passed(CLUSTER_CONNECTIONS + "$NodeConnectionPostProcessor", "lambda$apply$4"),
            new Passed("io.lettuce.core.cluster.topology.Connections", "addConnection", "doRequest", "isEmpty"));

    @Override
    public void applyTo(BlockHound.Builder builder) {
        for (Passed passed : ALL) {
            for (String method : passed.methods()) {
                builder.allowBlockingCallsInside(passed.type(), method);
            }
        }
    }
}
