package dev.reactivecache.redis;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Two live nodes that share a cache's name and the shared Redis. A test class gets a pair of its own for each test, as
 * a constructor parameter, through {@link Live}.
 */
record NodePair(String name, Node a, Node b) implements AutoCloseable {
    /** Starts the pair before a test, and closes it after. */
    static final class Live implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(NodePair.class);

        private final RedisServer.Shared servers = new RedisServer.Shared();

        /** So that a pair belongs to one test, not to its class. */
        @Override
        public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
            return ExtensionContextScope.TEST_METHOD;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == NodePair.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getStore(NAMESPACE)
                    .computeIfAbsent(NodePair.class, type -> start(servers.of(context)), NodePair.class);
        }

        private static NodePair start(RedisServer redis) {
            String name = RedisServer.name();
            Node a = Node.live(redis.uri(), name);
            return new NodePair(name, a, Node.live(redis.uri(), name));
        }
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
