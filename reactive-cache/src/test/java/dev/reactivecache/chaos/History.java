package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Act.Kind;
import dev.reactivecache.chaos.Act.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A process's acts in a file of its own, each with one write: what has been written survives a kill of the writer. */
final class History {
    private static final int SIZE = 32;
    private static final Kind[] KINDS = Kind.values();
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);

    private History(FileChannel channel) {
        this.channel = channel;
    }

    static History begin(Path folder, int node) {
        try {
            return new History(
                    FileChannel.open(file(folder, node), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(Path folder, int node) {
        return folder.resolve("history-" + node);
    }

    synchronized void add(Kind kind, Outcome outcome, int key, long start, long end, long version) {
        buffer.clear();
        buffer.put((byte) kind.ordinal()).put((byte) outcome.ordinal()).putShort((short) 0);
        buffer.putInt(key).putLong(start).putLong(end).putLong(version).flip();
        try {
            channel.write(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that a process has written. */
    static List<Act> read(Path folder, int node) {
        List<Act> acts = new ArrayList<>();
        try {
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file(folder, node)));
            while (all.remaining() >= SIZE) {
                Kind kind = KINDS[all.get()];
                Outcome outcome = OUTCOMES[all.get()];
                all.getShort();
                acts.add(new Act(node, kind, outcome, all.getInt(), all.getLong(), all.getLong(), all.getLong()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return acts;
    }
}
