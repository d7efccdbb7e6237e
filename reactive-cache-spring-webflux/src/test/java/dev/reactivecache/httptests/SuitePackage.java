package dev.reactivecache.httptests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The suite as npm brings it: fetched once into a folder, and run there by Node. */
final class SuitePackage {
    /** The version whose tests the results are compared by. */
    static final String VERSION = "0.4.5";

    private static final String NAME = "http-cache-tests";
    private static final String SCRIPT = "run.mjs";

    private final Path folder;

    private SuitePackage(Path folder) {
        this.folder = folder;
    }

    /** What cannot be had, and how to get it. */
    static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    /** Fetches it, unless it is there. */
    static SuitePackage fetchedInto(Path folder) throws MissingException {
        try {
            require("node", "Node 14.8 or later, which runs the suite: on Debian, apt-get install nodejs npm");
            Files.createDirectories(folder);
            // so that npm takes this folder, and none above it
            Files.writeString(folder.resolve("package.json"), "{\"private\": true}");
            try (InputStream script = SuitePackage.class.getResourceAsStream("/http-tests/" + SCRIPT)) {
                Files.copy(Objects.requireNonNull(script), folder.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Files.exists(folder.resolve("node_modules").resolve(NAME).resolve("package.json"))) {
                require("npm", "npm, which fetches the suite: on Debian, apt-get install nodejs npm");
                install(folder);
            }
            return new SuitePackage(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(String program, String what) throws MissingException {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (await(process, 30) == 0) {
                return;
            }
        } catch (IOException notThere) {
            // as if it could not be run
        }
        throw new MissingException(what);
    }

    private static void install(Path folder) throws IOException, MissingException {
        Process npm = new ProcessBuilder(
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        "--fetch-retries=1",
                        "--fetch-timeout=20000",
                        NAME + "@" + VERSION)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("npm.log").toFile())
                .start();
        if (await(npm, 120) != 0) {
            throw new MissingException("the package " + NAME + " " + VERSION
                    + " of npm's registry, which could not be fetched: " + folder.resolve("npm.log") + " says why");
        }
    }

    private static int await(Process process, long seconds) {
        try {
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return -1;
    }

    /** The server that the cache under test asks. */
    Origin startOrigin() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path suite = folder.resolve("node_modules").resolve(NAME);
        ProcessBuilder server = new ProcessBuilder("node", "server/server.mjs")
                .directory(suite.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile());
        server.environment().put("npm_config_protocol", "http");
        server.environment().put("npm_config_port", Integer.toString(port));
        server.environment().put("npm_config_pidfile", "server.pid");
        Origin origin = new Origin(server.start(), port);
        Awaitility.await().until(() -> answers(port));
        return origin;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** A process that answers at a port. */
    record Origin(Process process, int port) implements AutoCloseable {
        Origin {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + port);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** Begins to run all tests against the server at an address; the output is for {@link SuiteRun#read}. */
    Running run(String name, String address) throws IOException {
        Path output = folder.resolve(name.replace(' ', '-') + ".json");
        Process process = new ProcessBuilder("node", "--no-warnings", SCRIPT, address)
                .directory(folder.toFile())
                .redirectError(folder.resolve(name.replace(' ', '-') + ".log").toFile())
                .redirectOutput(output.toFile())
                .start();
        return new Running(process, output);
    }

    /** A run that goes on. */
    record Running(Process process, Path output) {
        SuiteRun await() throws IOException {
            int status = SuitePackage.await(process, 300);
            if (status != 0) {
                throw new IOException("the suite ended with " + status + ": see " + output);
            }
            return SuiteRun.read(Files.readString(output));
        }
    }

    /** The results that were published of a server, as they come with the package. */
    String published(String server) throws IOException {
        return Files.readString(
                folder.resolve("node_modules").resolve(NAME).resolve("results").resolve(server + ".json"));
    }
}
