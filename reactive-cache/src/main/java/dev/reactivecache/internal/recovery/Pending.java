package dev.reactivecache.internal.recovery;

/**
 * One key whose invalidation the remote tier has not acknowledged.
 *
 * @param key as the remote tier spells it
 * @param sequence rises with each invalidation that is kept, so it tells which question an acknowledgement is about
 * @param sinceNanos since when the key has been pending without a break
 * @param attempts how often it has been sent again in vain
 * @param dueNanos when it is to be sent again
 */
record Pending(String key, long sequence, long sinceNanos, int attempts, long dueNanos) {

    Pending again(long newSequence, long due) {
        return new Pending(key, newSequence, sinceNanos, attempts, due);
    }

    Pending failedUntil(long due) {
        return new Pending(key, sequence, sinceNanos, attempts + 1, due);
    }

    Pending afreshAt(long due) {
        return new Pending(key, sequence, sinceNanos, 0, due);
    }
}
