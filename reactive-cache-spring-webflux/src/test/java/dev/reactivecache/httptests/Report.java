package dev.reactivecache.httptests;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Says what each cache passes, beside what others do, and keeps it in a file that the next run is compared with. */
final class Report {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Whose results come with the package: shared caches, by what their files are called. */
    private static final Map<String, String> PUBLISHED = new LinkedHashMap<>();

    static {
        PUBLISHED.put("squid", "Squid 4.13");
        PUBLISHED.put("apache", "Apache httpd 2.4.46");
        PUBLISHED.put("trafficserver", "Traffic Server 8.0.8");
        PUBLISHED.put("nginx", "nginx 1.18.0");
        PUBLISHED.put("fastly", "Fastly");
        PUBLISHED.put("varnish", "Varnish 6.4.0");
    }

    private final PrintStream out;
    private final Path results;
    private final Reasons reasons = new Reasons();

    Report(PrintStream out, Path results) {
        this.out = out;
        this.results = results;
    }

    /** Prints all, and writes the file if no test was lost. Returns 1 if one was, else 0. */
    int of(Map<Subject, SuiteRun> runs, SuitePackage suite) throws IOException {
        JsonNode before = Files.exists(results) ? JSON.readTree(Files.readString(results)) : JSON.createObjectNode();
        SuiteRun any = runs.values().iterator().next();
        int required = any.of("required").size();
        int optimal = any.of("optimal").size();
        out.printf(
                "| http-cache-tests %s | required of %d | optimal of %d | with what they need, of %d |%n%s%n",
                SuitePackage.VERSION, required, optimal, required + optimal, "| --- | --- | --- | --- |");

        Map<String, Object> caches = new LinkedHashMap<>();
        before.path("caches").properties().forEach(cache -> caches.put(cache.getKey(), cache.getValue()));
        List<String> lost = new ArrayList<>();
        runs.forEach((subject, run) -> {
            Scores scores = Scores.of(run);
            printRow(subject.title(), scores);
            JsonNode known = before.path("caches").path(subject.title());
            if (!known.isMissingNode()) {
                scores.lostSince(Scores.of(known))
                        .forEach(test -> lost.add(subject.title() + ": " + test + ": "
                                + scores.notPassed().get(test)));
            }
            caches.put(subject.title(), scores.toJson(reasons));
        });
        Map<String, Object> published = published(any, suite);
        runs.forEach((subject, run) -> printNotPassed(subject, Scores.of(run)));

        if (!lost.isEmpty()) {
            out.println("\nPassed before, and not passed now:");
            lost.forEach(out::println);
            return 1;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("suite", "http-cache-tests " + SuitePackage.VERSION);
        all.put("required", required);
        all.put("optimal", optimal);
        all.put("caches", caches);
        all.put("published", published);
        Files.createDirectories(results.toAbsolutePath().getParent());
        Files.writeString(results, JSON.writeValueAsString(all) + "\n");
        return 0;
    }

    private void printRow(String name, Scores scores) {
        out.printf("| %s | %d | %d | %d |%n", name, scores.required(), scores.optimal(), scores.withNeeds());
    }

    private Map<String, Object> published(SuiteRun tests, SuitePackage suite) throws IOException {
        Map<String, Object> published = new LinkedHashMap<>();
        for (Map.Entry<String, String> server : PUBLISHED.entrySet()) {
            Scores scores = Scores.of(tests.with(suite.published(server.getKey())));
            printRow(server.getValue(), scores);
            published.put(server.getValue(), scores.counts());
        }
        return published;
    }

    private void printNotPassed(Subject subject, Scores scores) {
        out.println("\nNot passed by " + subject.title() + ":");
        scores.notPassed()
                .forEach((test, seen) -> out.println("  " + test + ": " + reasons.of(test) + " (" + seen + ")"));
    }
}
