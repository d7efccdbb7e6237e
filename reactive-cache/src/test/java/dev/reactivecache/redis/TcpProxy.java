package dev.reactivecache.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A wire between a node and Redis that a test can hold, cut or silence. A connection that has sent SUBSCRIBE or CLIENT
 * TRACKING is one for {@link Kind#EVENTS}, others are for {@link Kind#COMMANDS}.
 */
public final class TcpProxy implements AutoCloseable {
    private final String host;
    private volatile int port;
    private final ServerSocket listener;
    private final List<Wire> wires = new CopyOnWriteArrayList<>();
    private final AtomicInteger subscribesToCut = new AtomicInteger();
    private final AtomicInteger acknowledgementsToCut = new AtomicInteger();
    private final Gate commandReplies = new Gate();
    private final Gate events = new Gate();
    private final Gate subscriptions = new Gate();
    private volatile boolean refusing;

    /** What a connection is for. */
    public enum Kind {
        COMMANDS,
        EVENTS
    }

    TcpProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    static TcpProxy to(RedisServer server) {
        return new TcpProxy(server.host(), server.port());
    }

    public static TcpProxy to(RedisProcess process) {
        return new TcpProxy("127.0.0.1", process.port());
    }

    public String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    /** Replies to commands stay on the wire until {@link Gate#open()}; the commands themselves go through. */
    public Gate commandReplies() {
        return commandReplies;
    }

    /** Events, and answers to PING among them. */
    public Gate events() {
        return events;
    }

    /** SUBSCRIBE, before it reaches Redis. */
    Gate subscriptions() {
        return subscriptions;
    }

    /** Connections of one kind end now. */
    public void cut(Kind kind) {
        wires.stream().filter(wire -> wire.kind == kind).forEach(Wire::end);
    }

    /** The next SUBSCRIBE does not reach Redis: its connection ends instead. */
    public void cutNextSubscribe() {
        subscribesToCut.set(1);
    }

    /** Of the next acknowledgement of a SUBSCRIBE only the first half arrives, then its connection ends. */
    public void cutInsideNextAcknowledgement() {
        acknowledgementsToCut.set(1);
    }

    /** Connections of one kind stay open, and nothing passes any more; new ones work. Half-open, that is. */
    public void silence(Kind kind) {
        wires.stream().filter(wire -> wire.kind == kind).forEach(wire -> wire.silent = true);
    }

    /** New connections lead to another server. */
    void leadTo(RedisProcess another) {
        port = another.port();
    }

    /** All connections end now. */
    public void cutAll() {
        wires.forEach(Wire::end);
    }

    /** New connections end at once. */
    public void refuse(boolean refuse) {
        refusing = refuse;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // nobody there, or closed
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            wires.add(new Wire(client, new Socket(host, port)));
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wires.forEach(Wire::end);
        List.of(commandReplies, events, subscriptions).forEach(Gate::open);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets bytes through, or keeps them waiting. */
    public static final class Gate {
        private boolean shut;
        private int waiting;

        public synchronized void shut() {
            shut = true;
        }

        public synchronized void open() {
            shut = false;
            notifyAll();
        }

        /** Returns once something waits in front of it. */
        void awaitWaiting() {
            Await.until("something waits on the wire", () -> {
                synchronized (this) {
                    return waiting > 0;
                }
            });
        }

        private synchronized void pass() throws InterruptedException {
            waiting++;
            while (shut) {
                wait();
            }
            waiting--;
        }
    }

    private final class Wire {
        private final Socket client;
        private final Socket server;
        private volatile Kind kind = Kind.COMMANDS;
        private volatile boolean silent;

        Wire(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon(() -> pump(client, server, true));
            daemon(() -> pump(server, client, false));
        }

        private void pump(Socket from, Socket to, boolean request) {
            byte[] buffer = new byte[65_536];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (request) {
                        onRequest(Arrays.copyOf(buffer, n));
                    } else {
                        (kind == Kind.EVENTS ? events : commandReplies).pass();
                    }
                    boolean half = !request && kind == Kind.EVENTS && acknowledgementsToCut.getAndSet(0) > 0;
                    if (!silent) {
                        out.write(buffer, 0, half ? n / 2 : n);
                        out.flush();
                    }
                    if (half) {
                        return;
                    }
                }
            } catch (IOException e) {
                // the other end has gone
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                end();
            }
        }

        private void onRequest(byte[] bytes) throws IOException, InterruptedException {
            String text = new String(bytes, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
            if (text.contains("SUBSCRIBE") || text.contains("TRACKING")) {
                kind = Kind.EVENTS;
                if (subscribesToCut.getAndSet(0) > 0) {
                    throw new IOException("cut by the test");
                }
                subscriptions.pass();
            }
        }

        private void end() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            wires.remove(this);
        }
    }
}
