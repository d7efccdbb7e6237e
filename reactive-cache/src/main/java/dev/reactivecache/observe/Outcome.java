package dev.reactivecache.observe;

/** How an operation ended. */
public enum Outcome {
    /** It did what it was to do; a load brought a value. */
    SUCCESS,
    /** A load found that the source has no value. */
    EMPTY,
    /** It failed. */
    ERROR,
    /** It took too long. */
    TIMEOUT,
    /** Nobody wanted it any more. */
    CANCELLED
}
