package dev.reactivecache.docs;

import dev.reactivecache.Awaiting;
import dev.reactivecache.BulkAnswer;
import dev.reactivecache.BulkOptions;
import dev.reactivecache.Cached;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.Invalidation;
import dev.reactivecache.InvalidationReceipt;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.WarmOptions;
import dev.reactivecache.WarmReport;
import dev.reactivecache.codec.JacksonCodec;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.micrometer.CacheMeters;
import dev.reactivecache.micrometer.CacheObservations;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.redis.NotificationSetup;
import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** The Java of the README and the documents, compiled. {@link SnippetsTest} holds the two together. */
@SuppressWarnings({"unused", "UnusedVariable"})
final class Snippets {
    private static final Logger log = LoggerFactory.getLogger(Snippets.class);

    private final Repository repository = new Repository();

    record Product(long id, String name) {}

    /** A source of products. */
    static final class Repository {
        private final Map<Long, Product> rows = new ConcurrentHashMap<>();

        Mono<Product> findById(long id) {
            return Mono.fromSupplier(() -> rows.get(id));
        }

        Flux<Product> findAllById(Iterable<Long> ids) {
            return Flux.fromIterable(ids).concatMap(this::findById);
        }

        Flux<Long> ids() {
            return Flux.fromIterable(rows.keySet());
        }

        Mono<Product> save(Product product) {
            return Mono.fromSupplier(() -> {
                rows.put(product.id(), product);
                return product;
            });
        }
    }

    void readmeStart(Product changed) {
        RedisTier redis = RedisTier.connect("redis://localhost:6379");

        ReactiveCache<Long, Product> products = ReactiveCache.<Long, Product>builder("products")
                .key(KeyCodec.ofLong())
                .value(JacksonCodec.of(Product.class))
                .local(LocalTier.maximumSize(10_000))
                .remote(redis)
                .ttl(Duration.ofMinutes(10))
                .loader(repository::findById)
                .build();

        Mono<Product> product =
                products.getOrFetch(42L); // memory, else Redis, else the repository; once for all who ask
        Mono<Product> saved =
                products.writeThrough(42L, repository.save(changed)); // the repository, then every tier and node
        Mono<Void> gone = products.invalidate(42L);
        Flux<Invalidation<Long>> changes = products.invalidations(); // by any client, redis-cli included
    }

    void readmeUse(ReactiveCache<Long, Product> products, long id, List<Long> ids, Product changed) {
        // cache-aside by hand
        Mono<Product> aside = products.get(id)
                .switchIfEmpty(repository
                        .findById(id)
                        .flatMap(found -> products.put(id, found).thenReturn(found)));

        // operators, for a Mono that you already have
        Mono<Product> read = repository.findById(id).transform(products.readThrough(id));
        Mono<Product> written = repository.save(changed).transform(products.writeThrough(id));

        // a decorator, for a function that you already have
        Function<Long, Mono<Product>> findById = products.cached(repository::findById);

        // many keys: one question to Redis for what memory lacks, one call of the loader for what Redis lacks
        Mono<Map<Long, Product>> shelf = products.getOrFetchAll(
                ids, missing -> repository.findAllById(missing).collectMap(Product::id));

        // where an answer came from, how old it is, how long it may still be served
        Mono<Cached<Product>> answer = products.lookup(id);
    }

    void guideReceipt(ReactiveCache<Long, Product> products) {
        Mono<InvalidationReceipt> everywhere = products.invalidate(42L, Awaiting.everyNode(Duration.ofSeconds(1)));
    }

    private Mono<Map<Long, Product>> loadMany(Set<Long> ids) {
        return repository.findAllById(ids).collectMap(Product::id);
    }

    void guideManyKeys(ReactiveCache<Long, Product> products) {
        Mono<Map<Long, Product>> shelf = products.getOrFetchAll(
                List.of(1L, 2L, 3L), missing -> repository.findAllById(missing).collectMap(Product::id));

        Flux<BulkAnswer<Long, Product>> all = products.getOrFetchEach(
                repository.ids(), this::loadMany, BulkOptions.defaults().withReadSize(500));
    }

    void guideWarming(ReactiveCache<Long, Product> products) {
        Mono<WarmReport> warmed = products.warm(
                repository.ids(),
                WarmOptions.defaults()
                        .withKeysPerSecond(500)
                        .withProgress(report -> log.info("{} products are warm", report.found())));
    }

    void guideContext() {
        ReactiveCache<Long, Product> anonymous = ReactiveCache.<Long, Product>builder("anonymous-products")
                .loaderContext(context -> Context.empty())
                .loader(repository::findById)
                .build();
    }

    void freshness(ReactiveCache<Long, Product> products, long id) {
        ReactiveCache<Long, Product> steady = ReactiveCache.<Long, Product>builder("steady-products")
                .ttl(Duration.ofMinutes(10)) // fresh
                .staleWhileRevalidate(Duration.ofMinutes(1)) // then: answered at once, and loaded anew behind it
                .staleIfError(Duration.ofHours(1)) // then: answered if loading it anew fails
                .softTimeout(Duration.ofMillis(300)) // or takes longer than this
                .loader(repository::findById)
                .build();
        Mono<Product> price = products.getOrFetchLoaded(
                id,
                key -> repository
                        .findById(key)
                        .map(found -> Loaded.of(found)
                                .with(EntryOptions.defaults()
                                        .withTtl(Duration.ofSeconds(30))
                                        .withStaleWhileRevalidate(Duration.ofSeconds(10))
                                        .withStaleIfError(Duration.ZERO))));
        Mono<Cached<Product>> answer = steady.lookup(id);
        // freshness(): FRESH, REVALIDATING, STALE_ON_ERROR or STALE_ON_TIMEOUT; staleFor(): since when
    }

    ReactiveCacheBuilder<Long, Product> guideTerms(ReactiveCacheBuilder<Long, Product> builder) {
        return builder.tagsOf((id, product) -> List.of("name:" + product.name()))
                .ttlOf((id, product) -> product.name().isEmpty() ? Duration.ofSeconds(10) : null);
    }

    void guideInvalidations(ReactiveCache<Long, Product> products) {
        Disposable subscription = products.invalidations().subscribe(event -> {
            if (event instanceof Invalidation.KeyInvalidated<Long> changed) {
                log.info("{} left the cache: {}", changed.key(), changed.cause());
            } else {
                log.info("changes may have been missed: {}", event);
            }
        });
    }

    void guideVirtualTime() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("test")
                .ttl(Duration.ofMinutes(1))
                .timer(time)
                .build();
        StepVerifier.create(cache.put("key", "value").then(cache.get("key")))
                .expectNext("value")
                .verifyComplete();

        time.advanceTimeBy(Duration.ofMinutes(1));

        StepVerifier.create(cache.get("key")).verifyComplete();
    }

    void codecsOwnKey() {
        record Isbn(String digits) {
            static Isbn parse(String text) {
                return new Isbn(text);
            }
        }

        KeyCodec<Isbn> isbns = KeyCodec.of("Isbn", Isbn::digits, Isbn::parse);
    }

    void redisConnecting(RedisClient lettuceClient, RedisClusterClient lettuceClusterClient) {
        RedisTier byUri = RedisTier.connect("rediss://cache-user:secret@redis.example.com:6380/2");
        RedisTier byClient = RedisTier.connect(lettuceClient, RedisURI.create("redis://localhost"));
        RedisTier byClusterClient = RedisTier.connect(lettuceClusterClient);
        RedisTier tuned = RedisTier.builder("redis://localhost")
                .readTimeout(Duration.ofMillis(200))
                .notifications(NotificationSetup.ADD_MISSING)
                .connect();
    }

    void redisPrefix() {
        RedisTier tier =
                RedisTier.builder("redis://localhost").keyPrefix("shop:").connect();
    }

    void metrics(
            ReactiveCache<Long, Product> products,
            MeterRegistry meterRegistry,
            ObservationRegistry observationRegistry) {
        Disposable meters = CacheMeters.bind(products, meterRegistry);
        Disposable spans = CacheObservations.bind(products, observationRegistry);
    }

    void ownObserver() {
        ReactiveCache<Long, Product> observed = ReactiveCache.<Long, Product>builder("observed")
                .observer(new CacheObserver() {
                    @Override
                    public void onGap(String reason) {
                        alert("changes may have been missed: " + reason);
                    }
                })
                .build();
    }

    private static void alert(String text) {
        log.warn(text);
    }
}
