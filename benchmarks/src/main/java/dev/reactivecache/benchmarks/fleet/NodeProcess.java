package dev.reactivecache.benchmarks.fleet;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** A node in a process of its own, which ends when this one does: its standard input is then closed. */
final class NodeProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final BufferedWriter orders;
    private final BlockingQueue<CompletableFuture<Reply>> waiting = new LinkedBlockingQueue<>();

    private NodeProcess(Process process) {
        this.process = process;
        this.orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    static NodeProcess start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=4",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        NodeProcess node = new NodeProcess(process);
        Thread listener = new Thread(node::listen, "node replies");
        listener.setDaemon(true);
        listener.start();
        return node;
    }

    CompletableFuture<Reply> ask(String act, Map<String, String> with, long seconds) {
        CompletableFuture<Reply> reply = new CompletableFuture<Reply>().orTimeout(seconds, TimeUnit.SECONDS);
        synchronized (orders) {
            waiting.add(reply);
            try {
                orders.write(JSON.writeValueAsString(new Order(act, with)));
                orders.newLine();
                orders.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("node is gone, asked to " + act, e);
            }
        }
        return reply;
    }

    private void listen() {
        try (BufferedReader replies =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = replies.readLine(); line != null; line = replies.readLine()) {
                Reply reply = JSON.readValue(line, Reply.class);
                CompletableFuture<Reply> asker = waiting.remove();
                if (reply.failure().isEmpty()) {
                    asker.complete(reply);
                } else {
                    asker.completeExceptionally(new IllegalStateException(reply.failure()));
                }
            }
        } catch (IOException e) {
            // as when the node has ended
        }
        waiting.forEach(asker -> asker.completeExceptionally(new IllegalStateException("the node has ended")));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
