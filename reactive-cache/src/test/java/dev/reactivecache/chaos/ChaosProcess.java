package dev.reactivecache.chaos;

import dev.reactivecache.chaos.ChaosSettings.Control;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node's process, as the one who started it sees it. Asked by one thread at a time. */
final class ChaosProcess implements AutoCloseable {
    final int number;
    private final Process process;
    private final BufferedReader answers;

    private ChaosProcess(int number, Process process) {
        this.number = number;
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    static ChaosProcess start(int number, String uri, Path folder, long seed, Control control, boolean working) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder command = new ProcessBuilder(List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx192m",
                        "-Dchaos.source=" + ChaosSettings.source(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        ChaosNode.class.getName(),
                        "" + number,
                        uri,
                        folder.toString(),
                        "" + seed,
                        control.name(),
                        "" + working))
                .redirectError(folder.resolve("node-" + number + ".log").toFile());
        Map<String, String> environment = command.environment();
        // Surefire's own class path has one jar, whose manifest names the rest
        environment.put(
                "CLASSPATH", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        try {
            ChaosProcess node = new ChaosProcess(number, command.start());
            Runtime.getRuntime().addShutdownHook(new Thread(node::kill));
            node.requireOneClock();
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All times of a history are compared with each other, so all processes must read one clock. */
    private void requireOneClock() {
        long before = System.nanoTime();
        long there = Long.parseLong(ask("CLOCK"));
        long after = System.nanoTime();
        if (there - before < 0 || after - there < 0) {
            throw new IllegalStateException("processes do not share one monotonic clock here: nothing can be judged");
        }
    }

    synchronized String ask(String question) {
        try {
            process.getOutputStream().write((question + '\n').getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            return line();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("node " + number + " is gone");
        }
        return line;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, "" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
