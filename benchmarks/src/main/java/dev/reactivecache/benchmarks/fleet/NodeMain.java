package dev.reactivecache.benchmarks.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A node: obeys the lines of its standard input one after the other, and ends with them. */
public final class NodeMain {
    private NodeMain() {}

    /** Runs until standard input is closed. */
    public static void main(String[] args) throws IOException {
        PrintStream replies = System.out;
        System.setOut(System.err); // whatever a library prints is no reply
        JsonMapper json = new JsonMapper();
        NodeActs acts = new NodeActs();
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                Order order = json.readValue(line, Order.class);
                Reply reply;
                try {
                    reply = acts.obey(order);
                } catch (Exception e) {
                    reply = new Reply(order.act() + ": " + e, Map.of());
                }
                replies.println(json.writeValueAsString(reply));
                replies.flush();
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
