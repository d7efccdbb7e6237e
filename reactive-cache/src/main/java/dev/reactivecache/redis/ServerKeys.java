package dev.reactivecache.redis;

import dev.reactivecache.internal.entry.Tokens;

/** Keys that a server has, and that no cache does. */
interface ServerKeys {
    /** Those of a server that has all keys. */
    static ServerKeys all(KeyLayout layout) {
        return new ServerKeys() {
            @Override
            public byte[] probe() {
                return layout.probeKey(Tokens.next());
            }

            @Override
            public byte[] guard() {
                return layout.guardKey("");
            }
        };
    }

    /** One to try it with; another each time. */
    byte[] probe();

    /** The one that stands for its whole data set; the same for all nodes, and as long as it has the same slots. */
    byte[] guard();
}
