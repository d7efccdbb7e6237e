package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class AnnotationsTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration.class, ReactiveCacheAnnotationsAutoConfiguration.class))
            .withBean(Shop.class)
            .withPropertyValues(
                    "reactive-cache.caches.names.key-type=Long",
                    "reactive-cache.caches.names.value-type=String",
                    "reactive-cache.caches.lists.key-type=Long",
                    "reactive-cache.caches.lists.value-type=java.util.List<java.lang.String>",
                    "reactive-cache.caches.lists.max-elements=3");

    static class Shop {
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger cancelled = new AtomicInteger();
        private final Sinks.One<String> held = Sinks.one();

        @ReactiveCacheable(cache = "names")
        public Mono<String> name(long id) {
            calls.incrementAndGet();
            return Mono.deferContextual(context -> Mono.just(id + context.getOrDefault("tenant", "")));
        }

        @ReactiveCacheable(cache = "names")
        public Mono<String> slow(long id) {
            calls.incrementAndGet();
            return held.asMono().doOnCancel(cancelled::incrementAndGet);
        }

        @ReactiveCacheable(cache = "names", key = "#id", condition = "#id > 0", unless = "#result == #secret")
        public Mono<String> choosy(long id, String secret) {
            calls.incrementAndGet();
            return Mono.just("public");
        }

        @ReactiveCacheable(cache = "lists")
        public Flux<String> many(long count) {
            calls.incrementAndGet();
            return Flux.range(0, (int) count).map(i -> "n" + i);
        }

        @ReactiveCacheInvalidate(cache = "names", key = "#result.length().longValue()")
        @ReactiveCacheInvalidate(cache = "lists", key = "#id")
        public Mono<String> save(long id, String name) {
            return Mono.just(name);
        }

        @ReactiveCacheInvalidate(cache = "names")
        public Mono<Void> delete(long id) {
            calls.incrementAndGet();
            return Mono.empty();
        }

        @ReactiveCacheInvalidate(cache = "names")
        public Flux<String> deleteMany(long id) {
            return Flux.just("a", "b");
        }

        @ReactiveCacheInvalidate(cache = "names")
        public Mono<Void> deleteInVain(long id) {
            return Mono.error(new IllegalStateException("source"));
        }

        public int calls() {
            return calls.get();
        }

        public int cancelled() {
            return cancelled.get();
        }

        public void release(String value) {
            held.tryEmitValue(value);
        }
    }

    @Test
    void nothingIsCalledBeforeSubscription() {
        application.run(context -> {
            Mono<String> name = shop(context).name(1);
            assertThat(shop(context).calls()).isZero();

            assertThat(name.block()).isEqualTo("1");
            assertThat(name.block()).isEqualTo("1");

            assertThat(shop(context).calls()).isEqualTo(1);
        });
    }

    @Test
    void eachSubscriptionLooksUpAnew() {
        application.run(context -> {
            Mono<String> name = shop(context).name(1);
            name.block();
            names(context).invalidate(1L).block();

            name.block();

            assertThat(shop(context).calls()).isEqualTo(2);
        });
    }

    @Test
    void methodSeesTheContextOfItsCaller() {
        application.run(context -> StepVerifier.create(
                        shop(context).name(1).contextWrite(seen -> seen.put("tenant", "@acme")))
                .expectNext("1@acme")
                .verifyComplete());
    }

    @Test
    void aHundredCallsOfAColdMonoCallTheMethodOnce() {
        application.run(context -> {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(shop(context).slow(1).toFuture());
            }

            shop(context).release("one");

            assertThat(calls).allSatisfy(call -> assertThat(call).isCompletedWithValue("one"));
            assertThat(shop(context).calls()).isEqualTo(1);
        });
    }

    @Test
    void lastCallersDepartureCancelsTheMethod() {
        application.run(context -> {
            Disposable first = shop(context).slow(1).subscribe();
            Disposable second = shop(context).slow(1).subscribe();

            first.dispose();
            assertThat(shop(context).cancelled()).isZero();
            second.dispose();

            assertThat(shop(context).cancelled()).isEqualTo(1);
        });
    }

    @Test
    void conditionAndUnlessAreHeeded() {
        application.run(context -> {
            Shop shop = shop(context);
            shop.choosy(-1, "").block();
            assertThat(names(context).peek(-1L).block()).isNull();

            assertThat(shop.choosy(1, "public").block())
                    .as("told, and not stored")
                    .isEqualTo("public");
            assertThat(names(context).peek(1L).block()).isNull();

            shop.choosy(1, "other").block();
            assertThat(names(context).peek(1L).block().value()).isEqualTo("public");
        });
    }

    @Test
    void fluxIsStoredUpToItsLimit() {
        application.run(context -> {
            Shop shop = shop(context);
            StepVerifier.create(shop.many(3)).expectNext("n0", "n1", "n2").verifyComplete();
            StepVerifier.create(shop.many(3)).expectNext("n0", "n1", "n2").verifyComplete();
            assertThat(shop.calls()).isEqualTo(1);

            StepVerifier.create(shop.many(4)).expectNextCount(4).verifyComplete();
            StepVerifier.create(shop.many(4)).expectNextCount(4).verifyComplete();
            assertThat(shop.calls()).isEqualTo(3);
        });
    }

    @Test
    void successInvalidatesAndFailureDoesNot() {
        application.run(context -> {
            ReactiveCache<Long, String> names = names(context);
            names.put(1L, "old").block();

            StepVerifier.create(shop(context).deleteInVain(1)).verifyErrorMessage("source");
            assertThat(names.get(1L).block()).isEqualTo("old");

            shop(context).delete(1).block();
            assertThat(names.get(1L).block()).isNull();

            names.put(1L, "old").block();
            StepVerifier.create(shop(context).deleteMany(1))
                    .expectNext("a", "b")
                    .verifyComplete();
            assertThat(names.get(1L).block()).isNull();
        });
    }

    @Test
    void keyMayComeFromTheResultAndThereMayBeSeveral() {
        application.run(context -> {
            names(context).put(4L, "old").block();
            lists(context).put(9L, List.of("old")).block();

            StepVerifier.create(shop(context).save(9, "lamp"))
                    .expectNext("lamp")
                    .verifyComplete();

            assertThat(names(context).get(4L).block()).isNull();
            assertThat(lists(context).get(9L).block()).isNull();
        });
    }

    @Test
    void invalidationWaitsForTheCommitOfAReactiveTransaction() {
        application.run(context -> {
            ReactiveCache<Long, String> names = names(context);
            names.put(1L, "old").block();
            TransactionalOperator transaction = TransactionalOperator.create(new Transactions());

            Mono<String> work = shop(context).delete(1).then(Mono.defer(() -> names.get(1L)));

            assertThat(transaction.transactional(work).block())
                    .as("before the commit")
                    .isEqualTo("old");
            assertThat(names.get(1L).block()).as("after it").isNull();
        });
    }

    @Test
    void rollbackInvalidatesNothing() {
        application.run(context -> {
            names(context).put(1L, "old").block();
            TransactionalOperator transaction = TransactionalOperator.create(new Transactions());

            StepVerifier.create(transaction.transactional(
                            shop(context).delete(1).then(Mono.error(new IllegalStateException("later")))))
                    .verifyErrorMessage("later");

            assertThat(names(context).get(1L).block()).isEqualTo("old");
        });
    }

    @Test
    void unknownCacheFailsTheStart() {
        application
                .withBean(Mistaken.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("no cache named 'nowhere'; there are [lists, names]"));
    }

    @Test
    void mistakesInAnAnnotationFailTheStart() {
        application
                .withBean(NotReactive.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("must return a Mono or a Flux"));
        application
                .withBean(NoKey.class)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("must name its key"));
        application
                .withBean(BadExpression.class)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("is no SpEL expression"));
    }

    static class Mistaken {
        @ReactiveCacheable(cache = "nowhere")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class NotReactive {
        @ReactiveCacheable(cache = "names")
        public String name(long id) {
            return "";
        }
    }

    static class NoKey {
        @ReactiveCacheable(cache = "names")
        public Mono<String> name(long id, String other) {
            return Mono.empty();
        }
    }

    static class BadExpression {
        @ReactiveCacheable(cache = "names", key = "#(")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    /** Transactions of nothing. */
    @SuppressWarnings("serial")
    private static final class Transactions extends AbstractReactiveTransactionManager {
        @Override
        protected Object doGetTransaction(TransactionSynchronizationManager manager) {
            return new Object();
        }

        @Override
        protected Mono<Void> doBegin(TransactionSynchronizationManager m, Object transaction, TransactionDefinition d) {
            return Mono.empty();
        }

        @Override
        protected Mono<Void> doCommit(TransactionSynchronizationManager m, GenericReactiveTransaction status) {
            return Mono.empty();
        }

        @Override
        protected Mono<Void> doRollback(TransactionSynchronizationManager m, GenericReactiveTransaction status) {
            return Mono.empty();
        }
    }

    private static Shop shop(AssertableApplicationContext context) {
        return context.getBean(Shop.class);
    }

    @SuppressWarnings("unchecked")
    private static ReactiveCache<Long, String> names(AssertableApplicationContext context) {
        return context.getBean("names", ReactiveCache.class);
    }

    @SuppressWarnings("unchecked")
    private static ReactiveCache<Long, List<String>> lists(AssertableApplicationContext context) {
        return context.getBean("lists", ReactiveCache.class);
    }
}
