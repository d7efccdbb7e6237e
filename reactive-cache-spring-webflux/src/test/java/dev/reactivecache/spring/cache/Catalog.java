package dev.reactivecache.spring.cache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A source of names that counts how often it is asked; the test may hold its replies. */
class Catalog {
    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    volatile Sinks.One<String> reply;

    @Cacheable(cacheNames = "names", sync = true)
    public Mono<String> nameInSync(long id) {
        return load(id);
    }

    @Cacheable("names")
    public Mono<String> name(long id) {
        return load(id);
    }

    @Cacheable(cacheNames = "names", sync = true)
    public Mono<String> tenantInSync(long id) {
        return tenantSeen();
    }

    @Cacheable("names")
    public Mono<String> tenant(long id) {
        return tenantSeen();
    }

    private Mono<String> tenantSeen() {
        return Mono.deferContextual(context -> {
            loads.incrementAndGet();
            return Mono.just(context.getOrDefault("tenant", "nobody"));
        });
    }

    @Cacheable(cacheNames = "names", sync = true)
    public Mono<String> nothingInSync(long id) {
        return load(id).then(Mono.empty());
    }

    @Cacheable("names")
    public Mono<String> nothing(long id) {
        return load(id).then(Mono.empty());
    }

    @Cacheable(cacheNames = "names", sync = true)
    public Mono<String> failing(long id) {
        return load(id).then(Mono.error(new IllegalStateException("source")));
    }

    @Cacheable(cacheNames = "names", key = "#id", condition = "#id > 0", unless = "#result == 'secret'")
    public Mono<String> choosy(long id, String name) {
        loads.incrementAndGet();
        return Mono.just(name);
    }

    @Cacheable(cacheNames = "lists", sync = true)
    public Flux<String> manyInSync(long id) {
        return many(id);
    }

    @Cacheable(cacheNames = "lists", sync = true)
    public Flux<String> pairInSync(long id) {
        return load(id).flatMapMany(name -> Flux.just(name, name));
    }

    @Cacheable("lists")
    public Flux<String> many(long id) {
        loads.incrementAndGet();
        return Flux.range(0, (int) id).map(i -> "n" + i);
    }

    @Cacheable(cacheNames = "names", sync = true)
    public CompletableFuture<String> futureInSync(long id) {
        return load(id).toFuture();
    }

    @Cacheable("names")
    public CompletableFuture<String> future(long id) {
        return load(id).toFuture();
    }

    @Cacheable(cacheNames = "names", sync = true)
    public String blockingInSync(long id) {
        return load(id).block();
    }

    @Cacheable("names")
    public String blocking(long id) {
        return load(id).block();
    }

    @CachePut(cacheNames = "names", key = "#id")
    public Mono<String> save(long id, String name) {
        return Mono.just(name);
    }

    @CacheEvict("names")
    public Mono<Void> delete(long id) {
        return Mono.empty();
    }

    @CacheEvict("names")
    public void deleteBlocking(long id) {}

    @CacheEvict(cacheNames = "names", allEntries = true)
    public Mono<Void> deleteAll() {
        return Mono.empty();
    }

    @Caching(evict = {@CacheEvict(cacheNames = "names", key = "#id"), @CacheEvict(cacheNames = "lists", key = "#id")})
    public Mono<Void> deleteBoth(long id) {
        return Mono.empty();
    }

    @Cacheable(cacheNames = "names", sync = true)
    public Mono<String> wrongKey(String id) {
        return Mono.just(id);
    }

    @Cacheable("unknown")
    public Mono<List<String>> unknown(long id) {
        return Mono.empty();
    }

    /** Through the proxy. */
    public int loads() {
        return loads.get();
    }

    private Mono<String> load(long id) {
        return Mono.defer(() -> {
                    int load = loads.incrementAndGet();
                    Sinks.One<String> held = reply;
                    return held == null ? Mono.just("name " + id + "." + load) : held.asMono();
                })
                .doOnCancel(cancelled::incrementAndGet);
    }
}
