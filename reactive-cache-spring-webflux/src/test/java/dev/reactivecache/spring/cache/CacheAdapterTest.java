package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.reactivecache.Cached;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.ArgumentMatchers;
import org.springframework.cache.Cache;
import org.springframework.cache.support.NullValue;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class CacheAdapterTest {
    private final ReactiveCache<Object, Object> real =
            ReactiveCache.builder("names").absentTtl(Duration.ofMinutes(1)).build();

    @AfterEach
    void close() {
        real.close().block();
    }

    /** What ends a put that is under way. */
    enum Invalidation {
        EVICT(cache -> cache.evict(1L)),
        EVICT_IF_PRESENT(cache -> cache.evictIfPresent(1L)),
        CLEAR(Cache::clear),
        INVALIDATE(Cache::invalidate);

        private final Consumer<Cache> act;

        Invalidation(Consumer<Cache> act) {
            this.act = act;
        }
    }

    @ParameterizedTest
    @EnumSource
    void invalidationEndsAPutThatIsUnderWay(Invalidation invalidation) {
        List<String> told = new ArrayList<>();
        Cache cache = new CacheAdapter(named(remembering(told)));

        onAnEventLoop(() -> {
            cache.put(1L, "old");
            cache.put(2L, "other");
            invalidation.act.accept(cache);
        });

        assertThat(told)
                .as("the put has gone before the key is invalidated")
                .startsWith("put 1", "put 2", "end of put 1");
        assertThat(told.get(told.size() - 1)).isIn("invalidate 1", "clear");
        assertThat(told.contains("end of put 2"))
                .as("puts of other keys end with the whole cache only")
                .isEqualTo(told.contains("clear"));
    }

    @Test
    void annotationOfEitherKindEndsAPutThatIsUnderWay() {
        List<String> told = new ArrayList<>();
        NamedCache named = named(remembering(told));

        onAnEventLoop(() -> {
            new CacheAdapter(named).put(1L, "old");
            named.invalidate(1L).subscribe();
        });

        assertThat(told).containsExactly("put 1", "end of put 1", "invalidate 1");
    }

    @Test
    void evictionEndsTheKeepingOfAbsenceToo() {
        List<String> told = new ArrayList<>();
        ReactiveCache<Object, Object> slow = remembering(told);
        when(slow.invalidate(1L)).thenReturn(Mono.empty());
        when(slow.getOrFetch(any(), ArgumentMatchers.<Mono<Object>>any())).thenReturn(running(told, "fill 1"));
        Cache cache = new CacheAdapter(named(slow));

        onAnEventLoop(() -> {
            cache.put(1L, null);
            cache.evict(1L);
        });

        assertThat(told).containsExactly("fill 1", "end of fill 1");
    }

    @Test
    void nothingIsRememberedOfAPutThatHasEnded() {
        PutsUnderWay puts = new PutsUnderWay();
        List<String> told = new ArrayList<>();

        puts.run(1L, Mono.empty()).block();
        puts.run(1L, Mono.error(new IllegalStateException())).onErrorComplete().block();
        puts.run(1L, running(told, "put 1")).subscribe().dispose();
        puts.run(2L, running(told, "put 2")).subscribe();
        puts.end(2L);

        assertThat(puts.keys()).isEmpty();
        assertThat(told).containsExactly("put 1", "end of put 1", "put 2", "end of put 2");
    }

    @Test
    void nullOfOtherCachesIsStoredAsNull() {
        Cache cache = new CacheAdapter(named(real));

        cache.put(1L, NullValue.INSTANCE);
        cache.putIfAbsent(2L, NullValue.INSTANCE);
        cache.get(3L, () -> NullValue.INSTANCE);
        cache.retrieve(4L, () -> CompletableFuture.completedFuture(NullValue.INSTANCE))
                .join();

        for (long key = 1; key <= 4; key++) {
            Cached<Object> kept = real.peek(key).block();
            assertThat(kept).as("key %s", key).isNotNull();
            assertThat(kept.isAbsent()).as("key %s is known to be absent", key).isTrue();
            assertThat(cache.get(key).get()).isNull();
        }
    }

    private static NamedCache named(ReactiveCache<Object, Object> cache) {
        return new NamedCache(cache, Long.class, 1_000, new PutsUnderWay(), OnUnacknowledged.LOG);
    }

    /** A cache whose puts never come to an end. */
    @SuppressWarnings("unchecked")
    private static ReactiveCache<Object, Object> remembering(List<String> told) {
        ReactiveCache<Object, Object> cache = mock(ReactiveCache.class);
        when(cache.name()).thenReturn("names");
        when(cache.peek(any())).thenReturn(Mono.empty());
        when(cache.put(any(), any())).thenAnswer(call -> running(told, "put " + call.getArgument(0)));
        when(cache.invalidate(any(Long.class)))
                .thenAnswer(call -> Mono.fromRunnable(() -> told.add("invalidate " + call.getArgument(0))));
        when(cache.clear()).thenReturn(Mono.fromRunnable(() -> told.add("clear")));
        return cache;
    }

    private static <T> Mono<T> running(List<String> told, String what) {
        return Mono.<T>never().doOnSubscribe(begun -> told.add(what)).doOnCancel(() -> told.add("end of " + what));
    }

    private static void onAnEventLoop(Runnable work) {
        Mono.fromRunnable(work).subscribeOn(Schedulers.parallel()).block();
    }
}
