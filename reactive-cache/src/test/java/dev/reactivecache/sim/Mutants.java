package dev.reactivecache.sim;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Takes guards out, one at a time, and looks for a seed that shows it. */
final class Mutants {
    private Mutants() {}

    /**
     * The first seed that shows that a guard is gone.
     *
     * @param seed the seed
     * @param violation what promise is broken
     */
    record Catch(long seed, String violation) {}

    /** Tries seeds from 1 on; null if none of so many shows anything. */
    static @Nullable Catch find(Guard guard, long seeds) {
        LongFunction<String> judge = GuardlessLoader.fresh(guard.removal(), Judge.class);
        for (long seed = 1; seed <= seeds; seed++) {
            String violation = judge.apply(seed);
            if (violation != null) {
                return new Catch(seed, violation);
            }
        }
        return null;
    }

    /** Runs one seed, and says what promise it breaks, if any. Made by name, in another class loader. */
    static final class Judge implements LongFunction<String> {
        @Override
        public @Nullable String apply(long seed) {
            return Simulation.of(seed).run().violation();
        }
    }
}
