package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.policy.Checks;
import java.util.function.Consumer;

/** How gently a cache is warmed. Immutable; each {@code with} method returns another one. */
public final class WarmOptions {
    private static final WarmOptions DEFAULTS = new WarmOptions(100, 2, 1_000, progress -> {});

    private final int stepSize;
    private final int stepsAtOnce;
    private final int keysPerSecond;
    private final Consumer<WarmReport> progress;

    private WarmOptions(int stepSize, int stepsAtOnce, int keysPerSecond, Consumer<WarmReport> progress) {
        this.stepSize = stepSize;
        this.stepsAtOnce = stepsAtOnce;
        this.keysPerSecond = keysPerSecond;
        this.progress = progress;
    }

    /** Steps of 100 keys, two at once, 1,000 keys a second. */
    public static WarmOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How many keys are read together. Default: 100.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public WarmOptions withStepSize(int keys) {
        return new WarmOptions((int) Checks.positive("stepSize", keys), stepsAtOnce, keysPerSecond, progress);
    }

    /**
     * How many steps are under way at once, at most. Default: 2.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public WarmOptions withStepsAtOnce(int steps) {
        return new WarmOptions(stepSize, (int) Checks.positive("stepsAtOnce", steps), keysPerSecond, progress);
    }

    /**
     * How many keys are begun in a second, at most; more exactly, the steps begin that far apart. Default: 1,000.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public WarmOptions withKeysPerSecond(int keys) {
        return new WarmOptions(stepSize, stepsAtOnce, (int) Checks.positive("keysPerSecond", keys), progress);
    }

    /** What is told after each step how far it has got; one call after another. It must be quick. */
    public WarmOptions withProgress(Consumer<WarmReport> listener) {
        return new WarmOptions(stepSize, stepsAtOnce, keysPerSecond, requireNonNull(listener, "progress"));
    }

    /** How many keys are read together. */
    public int stepSize() {
        return stepSize;
    }

    /** How many steps are under way at once. */
    public int stepsAtOnce() {
        return stepsAtOnce;
    }

    /** How many keys are begun in a second. */
    public int keysPerSecond() {
        return keysPerSecond;
    }

    public Consumer<WarmReport> progress() {
        return progress;
    }

    @Override
    public String toString() {
        return "WarmOptions[stepSize=" + stepSize + ", stepsAtOnce=" + stepsAtOnce + ", keysPerSecond=" + keysPerSecond
                + "]";
    }
}
