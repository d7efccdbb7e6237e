package dev.reactivecache.spring.cache;

import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Puts work off until the reactive transaction of its subscriber has been committed. */
final class AfterReactiveCommit {
    private AfterReactiveCommit() {}

    /** Does the work at once if there is no transaction, and never if that is rolled back. */
    static Mono<Void> of(Mono<Void> work) {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .filter(TransactionSynchronizationManager::isSynchronizationActive)
                .map(transaction -> {
                    transaction.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public Mono<Void> afterCommit() {
                            return work;
                        }
                    });
                    return true;
                })
                .onErrorReturn(NoTransactionException.class, false)
                .defaultIfEmpty(false)
                .flatMap(putOff -> putOff ? Mono.empty() : work);
    }
}
