package dev.reactivecache.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.reactive.function.client.WebClient;

class DemoIT {
    /** Longer than a slow machine stands still: else a write would fail, and the demo with it. */
    private static final String PATIENT = "-Dreactive-cache.redis.write-timeout=20s";

    @TempDir
    Path folder;

    @Test
    void demoPrintsItsTableAndEndsWithStatusZero() throws Exception {
        Run run = demo("-Ddemo.seconds=1", "-Ddemo.clients=8", PATIENT);

        assertThat(run.output())
                .contains(
                        "node 2",
                        "redis-cli -p",
                        "L1 hits",
                        "L2 hits",
                        "coalesced",
                        "invalidations seen",
                        "latency p99")
                .doesNotContain("Exception", "WARN", "failed");
        assertThat(run.status()).isZero();
    }

    @Test
    void demoRunsWithoutRedis() throws Exception {
        Run run = demo("-Ddemo.seconds=1", "-Ddemo.clients=8", "-Dcatalog.redis=none");

        assertThat(run.output()).contains("none: each node is on its own", "loads");
        assertThat(run.status()).isZero();
    }

    @Test
    void nodeWhosePreferredPortIsTakenServesOnAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Node node = Node.startPreferring(taken.getLocalPort(), Map.of("logging.level.root", "off"))) {
            assertThat(node.url()).isNotEqualTo("http://127.0.0.1:" + taken.getLocalPort());
            assertThat(WebClient.create(node.url())
                            .get()
                            .uri("/2434")
                            .retrieve()
                            .bodyToMono(String.class)
                            .block())
                    .contains("Heathrow");
        }
    }

    @Test
    void demoThatCannotRunSaysWhyAndEndsWithStatusOne() throws Exception {
        Run badNumber = demo("-Ddemo.seconds=soon");
        Run badUri = demo("-Dcatalog.redis=http://user:open-sesame@host");

        assertThat(badNumber.output()).contains("The demo failed: demo.seconds ('soon') must be a whole number");
        assertThat(badNumber.status()).isEqualTo(1);
        assertThat(badUri.output())
                .contains("Redis URI 'http://***@host' is not valid")
                .doesNotContain("open-sesame");
        assertThat(badUri.status()).isEqualTo(1);
    }

    private record Run(int status, String output) {}

    private Run demo(String... settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Ddemo.once"));
        command.addAll(List.of(settings));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Demo.class.getName()));
        File output = folder.resolve("output.txt").toFile();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("demo ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readString(output.toPath(), StandardCharsets.UTF_8));
    }
}
