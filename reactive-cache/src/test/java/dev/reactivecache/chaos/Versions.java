package dev.reactivecache.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The system of record: a version for each key, in a file that all processes map. Reads and raises are atomic, and a
 * process that is killed or stopped in the middle of anything harms nobody. A key's value is its version.
 */
final class Versions {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer mapped;

    private Versions(ByteBuffer mapped) {
        this.mapped = mapped;
    }

    static Versions open(Path file) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Versions(channel.map(FileChannel.MapMode.READ_WRITE, 0, ChaosSettings.KEYS * 8L));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long current(int key) {
        return (long) LONGS.getVolatile(mapped, key * 8);
    }

    /** Makes the next version, and returns it. */
    long raise(int key) {
        return (long) LONGS.getAndAdd(mapped, key * 8, 1L) + 1;
    }
}
