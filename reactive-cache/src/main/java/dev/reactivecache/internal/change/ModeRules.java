package dev.reactivecache.internal.change;

import dev.reactivecache.CacheMode;

/**
 * What a {@link CacheMode} means, in one table: nothing else asks for the mode itself.
 *
 * @param usesTier whether what the remote tier has is read, and what was loaded is stored there
 * @param keepsCopies whether memory keeps copies of what the remote tier has
 * @param trustsSilence whether memory keeps copies, and answers with them, while no changes can be heard of
 * @param checksEachHit whether what memory has is compared with the remote tier before it is answered
 * @param asksForGenerations whether clears and ended tags are asked for with each question, rather than listened for
 */
public record ModeRules(
        boolean usesTier,
        boolean keepsCopies,
        boolean trustsSilence,
        boolean checksEachHit,
        boolean asksForGenerations) {

    public static ModeRules of(CacheMode mode) {
        return switch (mode) {
            case BOUNDED -> new ModeRules(true, true, false, false, false);
            case VALIDATED -> new ModeRules(true, true, false, true, true);
            case AVAILABLE -> new ModeRules(true, true, true, false, false);
            case REMOTE_ONLY -> new ModeRules(true, false, false, false, true);
            case LOCAL_ONLY -> new ModeRules(false, true, false, false, false);
        };
    }
}
