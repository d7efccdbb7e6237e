package dev.reactivecache.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The system of record: each key has a version, which grows with each change, and may have no value. */
final class Source {
    private final World world;
    private final Map<Slot, List<Version>> versions = new HashMap<>();

    Source(World world) {
        this.world = world;
    }

    /** One version; its number is its place. */
    record Version(long since, boolean absent) {}

    private List<Version> of(Slot slot) {
        return versions.computeIfAbsent(slot, same -> new ArrayList<>(List.of(new Version(0, false))));
    }

    int version(Slot slot) {
        return of(slot).size() - 1;
    }

    boolean isAbsent(Slot slot) {
        return of(slot).get(version(slot)).absent();
    }

    int change(Slot slot, boolean absent) {
        of(slot).add(new Version(world.now(), absent));
        return version(slot);
    }

    /** Whether any version from a number on says that there is no value. */
    boolean wasAbsentFrom(Slot slot, int version) {
        return of(slot).stream().skip(version).anyMatch(Version::absent);
    }
}
