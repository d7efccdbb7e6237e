package dev.reactivecache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Test classes with this extension wait for each other, in whichever JVM of the build they run. Others run beside them.
 */
public final class OneAtATime implements BeforeAllCallback {
    private static final Path FILE = Path.of("target", "one-at-a-time.lock");

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(Namespace.create(OneAtATime.class)).computeIfAbsent(Turn.class, type -> new Turn());
    }

    /** Closed by JUnit after the last test of the class. */
    private static final class Turn implements AutoCloseable {
        private final FileChannel channel;
        private final FileLock lock;

        Turn() {
            try {
                channel = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                lock = channel.lock();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            lock.close();
            channel.close();
        }
    }
}
