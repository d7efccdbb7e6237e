package dev.reactivecache.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Nodes in processes of their own, a real Redis, faults, and an oracle: {@code ./mvnw -Pchaos -Dchaos.seconds=60}.
 * Prints one line for each topology, last, and ends with status 1 if a promise was broken.
 */
public final class Chaos {
    private static final String ALL = "standalone,sentinel,cluster";

    private Chaos() {}

    /** Runs the topologies that the property {@code chaos.topology} names, or all. */
    public static void main(String[] args) throws InterruptedException {
        String wanted = System.getProperty("chaos.topology", "");
        List<String> topologies =
                Stream.of((wanted.isBlank() ? ALL : wanted).split(",")).toList();
        ((Logger) LoggerFactory.getLogger("io.lettuce")).setLevel(Level.ERROR); // the harness's own connections
        boolean good = true;
        for (String topology : topologies) {
            Verdict verdict = new ChaosRun(ChaosSettings.ofProperties(), topology, System.out).run();
            System.out.println(verdict.line());
            good &= verdict.isGood();
        }
        System.exit(good ? 0 : 1);
    }
}
