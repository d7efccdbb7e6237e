package dev.reactivecache.httptests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What one cache passes.
 *
 * @param required how many tests that a cache must pass, each taken alone
 * @param optimal how many that a good cache passes, each taken alone
 * @param withNeeds how many of both are passed with all the tests that they need, which is stricter
 * @param notPassed the tests that are not, in this strict way, and what was seen
 */
record Scores(long required, long optimal, long withNeeds, Map<String, String> notPassed) {
    /** Of which kinds the suite says that a cache should pass them. */
    private static final List<String> JUDGED = List.of("required", "optimal");

    static Scores of(SuiteRun run) {
        Map<String, String> notPassed = new LinkedHashMap<>();
        for (String kind : JUDGED) {
            run.of(kind).stream()
                    .filter(test -> !run.passes(test))
                    .forEach(test -> notPassed.put(test.id(), run.seen(test)));
        }
        long withNeeds = JUDGED.stream().mapToLong(run::passed).sum();
        return new Scores(run.passedAlone("required"), run.passedAlone("optimal"), withNeeds, notPassed);
    }

    /** What {@link #toJson} wrote. */
    static Scores of(JsonNode json) {
        Map<String, String> notPassed = new LinkedHashMap<>();
        json.path("notPassed")
                .properties()
                .forEach(test -> notPassed.put(test.getKey(), test.getValue().asString()));
        return new Scores(
                json.path("required").asLong(),
                json.path("optimal").asLong(),
                json.path("withNeeds").asLong(),
                notPassed);
    }

    /** How many tests are passed. */
    Map<String, Object> counts() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("required", required);
        json.put("optimal", optimal);
        json.put("withNeeds", withNeeds);
        return json;
    }

    /** With the reason for each test that is not passed. */
    Map<String, Object> toJson(Reasons reasons) {
        Map<String, String> explained = new TreeMap<>();
        notPassed.keySet().forEach(test -> explained.put(test, reasons.of(test)));
        Map<String, Object> json = counts();
        json.put("notPassed", explained);
        return json;
    }

    /** The tests that were passed then and are not now. */
    List<String> lostSince(Scores before) {
        return notPassed.keySet().stream()
                .filter(test -> !before.notPassed().containsKey(test))
                .toList();
    }
}
