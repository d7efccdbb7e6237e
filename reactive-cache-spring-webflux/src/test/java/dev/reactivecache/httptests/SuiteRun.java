package dev.reactivecache.httptests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tests of the suite, and what became of each in one run. */
record SuiteRun(List<SuiteTest> tests, Map<String, Outcome> outcomes) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * One test.
     *
     * @param kind {@code required}, {@code optimal}, or {@code check}, which asks and does not judge
     * @param needs the tests without which this one says nothing
     */
    record SuiteTest(String id, String suite, String kind, List<String> needs) {}

    /**
     * What became of a test, taken alone.
     *
     * @param message what was seen, if it is not what is wanted
     */
    record Outcome(boolean passed, String message) {
        private static Outcome of(JsonNode result) {
            return result.isBoolean()
                    ? new Outcome(result.asBoolean(), "")
                    : new Outcome(
                            false,
                            result.path(0).asString() + ": " + result.path(1).asString());
        }
    }

    /** Reads what the script of this folder prints. */
    static SuiteRun read(String output) {
        JsonNode all = JSON.readTree(output.substring(output.indexOf("{\"tests\"")));
        List<SuiteTest> tests = new ArrayList<>();
        for (JsonNode test : all.path("tests")) {
            List<String> needs = new ArrayList<>();
            test.path("needs").forEach(need -> needs.add(need.asString()));
            tests.add(new SuiteTest(
                    test.path("id").asString(),
                    test.path("suite").asString(),
                    test.path("kind").asString(),
                    needs));
        }
        return new SuiteRun(tests, outcomes(all.path("results")));
    }

    /** The same tests, as they went with another server. */
    SuiteRun with(String results) {
        return new SuiteRun(tests, outcomes(JSON.readTree(results)));
    }

    private static Map<String, Outcome> outcomes(JsonNode results) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        results.properties().forEach(entry -> outcomes.put(entry.getKey(), Outcome.of(entry.getValue())));
        return outcomes;
    }

    /** Whether a test was passed, and all that it needs, as the suite's own pages judge it. */
    boolean passes(SuiteTest test) {
        Outcome outcome = outcomes.get(test.id());
        return outcome != null
                && outcome.passed()
                && tests.stream()
                        .filter(other -> test.needs().contains(other.id()))
                        .allMatch(this::passes);
    }

    List<SuiteTest> of(String kind) {
        return tests.stream().filter(test -> test.kind().equals(kind)).toList();
    }

    /** How many of a kind are passed, each taken alone, which is how published scores are counted. */
    long passedAlone(String kind) {
        return of(kind).stream()
                .filter(test -> outcomes.containsKey(test.id())
                        && outcomes.get(test.id()).passed())
                .count();
    }

    /** How many of a kind are passed with all that they need. */
    long passed(String kind) {
        return of(kind).stream().filter(this::passes).count();
    }

    /** Why a test is not passed. */
    String seen(SuiteTest test) {
        Outcome outcome = outcomes.get(test.id());
        if (outcome == null) {
            return "not run";
        }
        return outcome.passed() ? "what it needs is not passed: " + test.needs() : outcome.message();
    }
}
