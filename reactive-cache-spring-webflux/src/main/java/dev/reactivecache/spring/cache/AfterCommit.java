package dev.reactivecache.spring.cache;

import org.springframework.cache.Cache;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;

/**
 * Puts changes off until the calling thread's transaction has been committed. Loaded only where there are transactions.
 */
final class AfterCommit {
    private AfterCommit() {}

    static Cache of(Cache cache) {
        return new TransactionAwareCacheDecorator(cache);
    }
}
