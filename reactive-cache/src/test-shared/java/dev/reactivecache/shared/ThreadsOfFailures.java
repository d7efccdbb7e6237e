package dev.reactivecache.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Writes down what all threads do when a test has failed: to the folder that {@code soak.threads} names, if any. */
public final class ThreadsOfFailures implements TestExecutionListener {
    private static final String FOLDER = System.getProperty("soak.threads", "");

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.FAILED && !FOLDER.isBlank()) {
            String name = test.getUniqueId().replaceAll("[^A-Za-z0-9.]+", "-");
            Path file = Path.of(FOLDER, name.substring(Math.max(0, name.length() - 120)) + "threads.txt");
            String threads = Stream.of(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true))
                    .map(thread -> thread.getThreadName()
                            + ' '
                            + thread.getThreadState()
                            + '\n'
                            + Stream.of(thread.getStackTrace())
                                    .map(frame -> "    at " + frame)
                                    .collect(Collectors.joining("\n")))
                    .collect(Collectors.joining("\n\n"));
            try {
                Files.writeString(file, threads);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
