package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What Spring's annotations do on these caches, with and without Redis. */
abstract class CacheableContract {
    static final int CALLERS = 100;

    abstract String[] redis();

    final ApplicationContextRunner application() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ReactiveCacheAutoConfiguration.class,
                        SpringCacheAutoConfiguration.class,
                        CacheAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "reactive-cache.caches.names.key-type=Long",
                        "reactive-cache.caches.names.value-type=String",
                        "reactive-cache.caches.lists.key-type=Long",
                        "reactive-cache.caches.lists.value-type=java.util.List<java.lang.String>",
                        "reactive-cache.caches.lists.max-elements=3",
                        "reactive-cache.defaults.absent-ttl=1m")
                .withPropertyValues(redis());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(proxyTargetClass = true)
    static class Application {
        @Bean
        Catalog catalog() {
            return new Catalog();
        }
    }

    /** The key of a test, so that tests may share a Redis. */
    final long id = System.nanoTime();

    @Test
    void aHundredCallsOfAColdMonoInSyncLoadOnce() {
        application().run(context -> {
            Catalog source = hold(context);
            List<CompletableFuture<String>> calls =
                    calls(i -> catalog(context).nameInSync(id).toFuture());

            release(source);

            assertThat(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(Duration.ofSeconds(10));
            assertThat(source.loads).hasValue(1);
            assertThat(calls).allSatisfy(call -> assertThat(call).isCompletedWithValue("released"));
        });
    }

    @Test
    void aHundredCallsOfAColdFluxInSyncLoadOnce() {
        application().run(context -> {
            Catalog source = hold(context);
            List<CompletableFuture<String>> calls = calls(i -> catalog(context)
                    .pairInSync(id)
                    .collectList()
                    .map(String::valueOf)
                    .toFuture());

            release(source);

            assertThat(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(Duration.ofSeconds(10));
            assertThat(source.loads).hasValue(1);
            assertThat(calls).allSatisfy(call -> assertThat(call).isCompletedWithValue("[released, released]"));
        });
    }

    @Test
    void aHundredCallsOfAColdFutureInSyncLoadOnce() {
        application().run(context -> {
            Catalog source = hold(context);
            List<CompletableFuture<String>> calls = calls(i -> catalog(context).futureInSync(id));

            release(source);

            assertThat(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(Duration.ofSeconds(10));
            assertThat(source.loads).hasValue(1);
        });
    }

    @Test
    void aHundredThreadsThatCallAColdBlockingMethodInSyncLoadOnce() {
        application().run(context -> {
            Catalog source = hold(context);
            ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
            try {
                List<Future<String>> calls = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    calls.add(threads.submit(() -> catalog(context).blockingInSync(id)));
                }
                release(source);
                for (Future<String> call : calls) {
                    assertThat(call).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("released");
                }
                assertThat(source.loads).hasValue(1);
            } finally {
                threads.shutdownNow();
            }
        });
    }

    @Test
    void nativeCallersAndSpringsShareOneLoad() {
        application().run(context -> {
            Catalog source = hold(context);
            CompletableFuture<String> springs = catalog(context).nameInSync(id).toFuture();
            CompletableFuture<String> own = names(context)
                    .getOrFetch(id, Mono.error(new AssertionError()))
                    .toFuture();

            release(source);

            assertThat(springs).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("released");
            assertThat(own).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("released");
        });
    }

    @Test
    void oneCallersDepartureHarmsNobody() {
        application().run(context -> {
            Catalog source = hold(context);
            Disposable first = catalog(context).nameInSync(id).subscribe();
            CompletableFuture<String> second = catalog(context).nameInSync(id).toFuture();

            first.dispose();
            release(source);

            assertThat(second).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("released");
            assertThat(source.loads).hasValue(1);
        });
    }

    @Test
    void lastCallersDepartureCancelsTheLoad() {
        application().run(context -> {
            Catalog source = hold(context);
            Disposable only = catalog(context).nameInSync(id).subscribe();
            Awaitility.await().until(() -> source.loads.get() == 1);

            only.dispose();

            Awaitility.await().until(() -> source.cancelled.get() == 1);
        });
    }

    @Test
    void withoutSyncAValueIsStoredAndAnswered() {
        application().run(context -> {
            Catalog catalog = catalog(context);

            String loaded = catalog.name(id).block();

            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(names(context).get(id).block()).isEqualTo(loaded));
            assertThat(catalog.name(id).block()).isEqualTo(loaded);
            assertThat(catalog.future(id).join()).isEqualTo(loaded);
            assertThat(catalog.blocking(id)).isEqualTo(loaded);
            assertThat(catalog.blockingInSync(id)).isEqualTo(loaded);
        });
    }

    @Test
    void emptyIsRememberedInBothModes() {
        application().run(context -> {
            Catalog catalog = catalog(context);
            assertThat(catalog.nothingInSync(id).block()).isNull();
            assertThat(catalog.nothingInSync(id).block()).isNull();
            assertThat(catalog.nothing(id).block()).isNull();
            assertThat(catalog.loads()).isEqualTo(1);

            assertThat(catalog.nothing(id + 1).block()).isNull();
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(names(context).peek(id + 1).block()).isNotNull());
            assertThat(catalog.nothingInSync(id + 1).block()).isNull();
            assertThat(catalog.blockingInSync(id + 1)).isNull();
            assertThat(catalog.loads()).isEqualTo(2);
        });
    }

    /** What docs/spring.md says of Spring's aspect; if this changes, so should that. */
    @Test
    void springsSyncModeLoadsBeforeSubscriptionAndLosesTheContext() {
        application().run(context -> {
            Catalog catalog = catalog(context);

            Mono<String> tenant = catalog.tenantInSync(id).contextWrite(seen -> seen.put("tenant", "acme"));
            Awaitility.await().until(() -> catalog.loads() == 1);

            assertThat(tenant.block()).isEqualTo("nobody");
            assertThat(catalog.tenant(id + 1)
                            .contextWrite(seen -> seen.put("tenant", "acme"))
                            .block())
                    .isEqualTo("acme");
        });
    }

    @Test
    void evictionInATransactionComesAfterItsCommit() {
        application().run(context -> {
            catalog(context).save(id, "old").block();
            TransactionSynchronizationManager.initSynchronization();
            try {
                catalog(context).deleteBlocking(id);
                assertThat(names(context).get(id).block()).isEqualTo("old");

                TransactionSynchronizationUtils.triggerAfterCommit();

                assertThat(names(context).get(id).block()).isNull();
            } finally {
                TransactionSynchronizationManager.clearSynchronization();
            }
        });
    }

    @Test
    void errorReachesTheCallerAndIsNotStored() {
        application().run(context -> {
            Catalog catalog = catalog(context);

            StepVerifier.create(catalog.failing(id)).verifyErrorMessage("source");

            assertThat(catalog.nameInSync(id).block()).startsWith("name");
        });
    }

    @Test
    void conditionAndUnlessAreHeeded() {
        application().run(context -> {
            Catalog catalog = catalog(context);

            catalog.choosy(-id, "lamp").block();
            catalog.choosy(id, "secret").block();
            Mono.delay(Duration.ofMillis(100)).block();

            assertThat(names(context).get(-id).block()).isNull();
            assertThat(names(context).get(id).block()).isNull();
        });
    }

    @Test
    void fluxIsStoredAsAListUpToItsLimit() {
        application().run(context -> {
            Catalog catalog = catalog(context);
            assertThat(catalog.manyInSync(3).collectList().block()).hasSize(3);
            assertThat(catalog.manyInSync(3).collectList().block()).hasSize(3);
            assertThat(catalog.loads()).as("three elements are kept").isLessThanOrEqualTo(1);
            int before = catalog.loads();

            assertThat(catalog.manyInSync(4).collectList().block()).hasSize(4);
            assertThat(catalog.many(4).collectList().block()).hasSize(4);

            assertThat(catalog.loads()).as("four are not").isEqualTo(before + 2);
        });
    }

    @Test
    void putAndEvictChangeTheCache() {
        application().run(context -> {
            Catalog catalog = catalog(context);

            catalog.save(id, "put").block();
            assertThat(catalog.nameInSync(id).block()).isEqualTo("put");

            catalog.delete(id).block();
            assertThat(catalog.nameInSync(id).block()).startsWith("name");

            catalog.deleteBlocking(id);
            assertThat(names(context).get(id).block()).isNull();

            catalog.save(id, "again").block();
            catalog.deleteBoth(id).block();
            assertThat(names(context).get(id).block()).isNull();

            catalog.save(id, "once more").block();
            catalog.deleteAll().block();
            assertThat(names(context).get(id).block()).isNull();
        });
    }

    @Test
    void changesOnAThreadThatMustNotWaitAreMadeAllTheSame() {
        application().run(context -> {
            Catalog catalog = catalog(context);

            Mono.defer(() -> catalog.save(id, "put"))
                    .subscribeOn(Schedulers.parallel())
                    .block();
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(names(context).get(id).block()).isEqualTo("put"));

            Mono.defer(() -> catalog.delete(id))
                    .subscribeOn(Schedulers.parallel())
                    .block();
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(names(context).get(id).block()).isNull());
        });
    }

    @Test
    void blockingMethodOnAThreadThatMustNotWaitIsRefused() {
        application()
                .run(context -> StepVerifier.create(
                                Mono.fromCallable(() -> catalog(context).blockingInSync(id))
                                        .subscribeOn(Schedulers.parallel()))
                        .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("must not wait"))
                        .verify(Duration.ofSeconds(10)));
    }

    @Test
    void mistakesAreTold() {
        application().run(context -> {
            assertThatThrownBy(() -> catalog(context).wrongKey("x").block())
                    .hasStackTraceContaining("cache 'names' has keys of type java.lang.Long");
            assertThatThrownBy(() -> catalog(context).unknown(1).block()).hasMessageContaining("unknown");
            assertThat(context.getBean(CacheManager.class).getCacheNames()).containsExactly("lists", "names");
        });
    }

    static List<CompletableFuture<String>> calls(java.util.function.IntFunction<CompletableFuture<String>> call) {
        return Flux.range(0, CALLERS)
                .flatMap(i -> Mono.fromSupplier(() -> call.apply(i)).subscribeOn(Schedulers.boundedElastic()), CALLERS)
                .collectList()
                .block();
    }

    static Catalog catalog(AssertableApplicationContext context) {
        return context.getBean(Catalog.class);
    }

    private static Catalog hold(AssertableApplicationContext context) {
        Catalog source = (Catalog) org.springframework.aop.framework.AopProxyUtils.getSingletonTarget(catalog(context));
        source.reply = Sinks.one();
        return source;
    }

    private static void release(Catalog source) {
        Awaitility.await().until(() -> source.loads.get() > 0);
        source.reply.tryEmitValue("released");
    }

    @SuppressWarnings("unchecked")
    static ReactiveCache<Long, String> names(AssertableApplicationContext context) {
        return context.getBean("names", ReactiveCache.class);
    }
}
