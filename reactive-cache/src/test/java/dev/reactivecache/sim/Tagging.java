package dev.reactivecache.sim;

import java.util.List;

/** The tags of a run. */
final class Tagging {
    static final List<String> TAGS = List.of("red", "blue");

    private static final List<List<String>> SETS = List.of(List.of(), List.of("red"), List.of("blue"), TAGS, TAGS);

    private Tagging() {}

    /** One tag, drawn by a seed. */
    static String one(long seed) {
        return TAGS.get((int) Math.floorMod(seed >>> 8, (long) TAGS.size()));
    }

    /** Some tags, or none, drawn by a seed. */
    static List<String> some(long seed) {
        return SETS.get((int) Math.floorMod(seed >>> 8, (long) SETS.size()));
    }
}
