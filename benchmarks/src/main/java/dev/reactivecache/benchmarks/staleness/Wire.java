package dev.reactivecache.benchmarks.staleness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire between a node and Redis that can be cut: its connections end, and new ones end at once until it is mended.
 */
final class Wire implements AutoCloseable {
    private final int port;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean broken;

    Wire(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    void cut() {
        broken = true;
        sockets.forEach(Wire::end);
        sockets.clear();
    }

    void mend() {
        broken = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket node = listener.accept();
                if (broken) {
                    node.close();
                    continue;
                }
                Socket redis = new Socket(InetAddress.getLoopbackAddress(), port);
                node.setTcpNoDelay(true);
                redis.setTcpNoDelay(true);
                sockets.add(node);
                sockets.add(redis);
                if (broken) { // cut meanwhile
                    end(node);
                    end(redis);
                }
                daemon(() -> pump(node, redis));
                daemon(() -> pump(redis, node));
            } catch (IOException e) {
                // the node has gone, or the wire is closed
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one end has gone
        } finally {
            end(from);
            end(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        cut();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
