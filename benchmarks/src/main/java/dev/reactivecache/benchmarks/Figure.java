package dev.reactivecache.benchmarks;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one contender did, in figures that are comparable with those of the others at the same work.
 *
 * @param section where it belongs
 * @param work what was done
 * @param contender who did it
 * @param unit of the value; less is better
 * @param value the median of all rounds
 * @param low the first quartile of that
 * @param high the third quartile of that
 * @param ratio how many times ours this is: the median of what each round says; null where there are no rounds to
 *     compare
 * @param ratioLow the first quartile of that
 * @param ratioHigh the third quartile of that
 */
public record Figure(
        String section,
        String work,
        String contender,
        String unit,
        double value,
        double low,
        double high,
        @Nullable Double ratio,
        @Nullable Double ratioLow,
        @Nullable Double ratioHigh) {
    /** Who all others are compared with. */
    public static final String OURS = "Reactive Cache";

    /** Of rounds in which the contenders took turns. */
    public static Figure of(
            String section, String work, String contender, String unit, double[] rounds, double[] ours) {
        double[] ratios = new double[rounds.length];
        for (int i = 0; i < rounds.length; i++) {
            ratios[i] = rounds[i] / ours[i];
        }
        return new Figure(
                section,
                work,
                contender,
                unit,
                quantile(rounds, 0.5),
                quantile(rounds, 0.25),
                quantile(rounds, 0.75),
                quantile(ratios, 0.5),
                quantile(ratios, 0.25),
                quantile(ratios, 0.75));
    }

    /** Of something that is counted, or compared by itself. */
    public static Figure alone(String section, String work, String contender, String unit, double value) {
        return new Figure(section, work, contender, unit, value, value, value, null, null, null);
    }

    /** The value below which this share of them lies; between two of them, as far from each as the share is. */
    public static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = (sorted.length - 1) * share;
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
