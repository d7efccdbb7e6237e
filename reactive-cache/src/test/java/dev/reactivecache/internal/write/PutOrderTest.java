package dev.reactivecache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheMode;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Changes of one key by one node take effect in the order in which they were subscribed to. */
class PutOrderTest {
    private static final EntryOptions TAGGED = EntryOptions.defaults().withTags("t");

    private final FakeServer server = new FakeServer(VirtualTimeScheduler.create());
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = cache(tier);
    private final ReactiveCache<String, String> other = cache(server.connect());

    /** Each change asks for the generations anew. */
    private static ReactiveCache<String, String> cache(FakeTier tier) {
        return ReactiveCache.<String, String>builder("order")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .mode(CacheMode.REMOTE_ONLY)
                .timer(VirtualTimeScheduler.create())
                .remote(tier)
                .build();
    }

    /** What comes after the put that waits. */
    enum Later {
        INVALIDATE(cache -> cache.invalidate("k")),
        INVALIDATE_ALL(cache -> cache.invalidateAll(List.of("a", "k"))),
        TAG(cache -> cache.invalidateTag("t")),
        CLEAR(ReactiveCache::clear),
        PREFIX(cache -> cache.invalidatePrefix("k")),
        WRITE(cache -> cache.writeThrough("k", Mono.just("written"))),
        DELETE(cache -> cache.deleteThrough("k", Mono.empty())),
        PUT(cache -> cache.put("k", "later")),
        PUT_ALL(cache -> cache.putAll(Map.of("a", "later", "k", "later")));

        private final Function<ReactiveCache<String, String>, Mono<?>> change;

        Later(Function<ReactiveCache<String, String>, Mono<?>> change) {
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPutThatWaitsDoesNotOvertakeWhatIsSubscribedToAfterIt(Later later) {
        Held generations = tier.hold(Op.GENERATION);
        CompletableFuture<Void> put = cache.put("k", "old", TAGGED).toFuture();

        later.change.apply(cache).block();
        generations.arrive().reply();

        assertThat(put).isCompleted();
        assertThat(other.get("k").block()).isNotEqualTo("old");
    }

    @ParameterizedTest
    @EnumSource(names = {"INVALIDATE", "INVALIDATE_ALL", "TAG", "CLEAR", "PREFIX", "DELETE"})
    void aPutThatIsHeldUpOnItsWayDoesNotStayAfterALaterInvalidation(Later later) {
        Held held = tier.hold(Op.PUT);
        CompletableFuture<Void> put = cache.put("k", "old", TAGGED).toFuture();

        later.change.apply(cache).block();
        held.arrive().reply();

        assertThat(put).isCompleted();
        StepVerifier.create(other.get("k")).verifyComplete();
    }

    @Test
    void puttingManyIsOlderThanWhatIsSubscribedToAfterItForTheLastOfThemToo() {
        List<String> keys = IntStream.range(0, 1_000).mapToObj(i -> "k" + i).toList();
        Held generations = tier.hold(Op.GENERATION);
        CompletableFuture<Void> putting = cache.putAll(
                        keys.stream().collect(Collectors.toMap(key -> key, key -> "old")))
                .toFuture();

        cache.invalidateAll(keys).block();
        generations.arrive().reply();

        assertThat(putting).isCompleted();
        keys.forEach(key -> assertThat(other.get(key).blockOptional()).as(key).isEmpty());
    }

    @Test
    void ofManyPutsOfOneKeyTheLastStays() {
        List<Held> generations =
                Stream.generate(() -> tier.hold(Op.GENERATION)).limit(5).toList();
        List<CompletableFuture<Void>> puts = IntStream.range(0, 100)
                .mapToObj(i -> cache.put("k", "v" + i).toFuture())
                .toList();

        generations.forEach(held -> held.arrive().reply());

        assertThat(puts).allSatisfy(put -> assertThat(put).isCompleted());
        StepVerifier.create(other.get("k")).expectNext("v99").verifyComplete();
    }

    @Test
    void whatComesWhileAPutIsHandedOnMakesAnInvalidationFollowIt() {
        for (boolean byPut : List.of(true, false)) {
            PutOrder order = new PutOrder();
            List<String> sent = new ArrayList<>();
            PutOrder.Place place = order.enter("k", List.of());

            place.send(
                            Mono.fromRunnable(() -> {
                                if (byPut) {
                                    order.enter("k", List.of());
                                } else {
                                    order.overtake("k");
                                }
                                sent.add("put");
                            }),
                            Mono.fromRunnable(() -> sent.add("invalidate")))
                    .block();

            assertThat(sent).as("by a put: %s", byPut).containsExactly("put", "invalidate");
        }
    }

    @Test
    void nothingIsRememberedOfPutsThatHaveEnded() {
        PutOrder order = new PutOrder();
        PutOrder.Place first = order.enter("k", List.of());
        PutOrder.Place second = order.enter("k", List.of());

        first.leave();
        assertThat(order.size()).as("the newest is there").isOne();
        second.leave();

        assertThat(order.size()).isZero();
    }

    @Fuzzed
    void whateverIsHeldUpTheLastChangeStaysOrNothingDoes() {
        Fuzz.tries(400, draw -> new Course(draw).run());
    }

    /** Drawn changes of two keys, while answers about generations come late and in any order. */
    private static final class Course {
        private final Draw draw;
        private final FakeServer server = new FakeServer(VirtualTimeScheduler.create());
        private final FakeTier tier = server.connect();
        private final ReactiveCache<String, String> cache = cache(tier);
        private final Map<String, String> newest = new HashMap<>();
        private final Set<String> put = new HashSet<>();
        private final Set<String> written = new HashSet<>();
        private final List<Held> held = new ArrayList<>();
        private final List<Held> arrived = new ArrayList<>();
        private final StringBuilder story = new StringBuilder();

        Course(Draw draw) {
            this.draw = draw;
        }

        void run() {
            for (int step = 0; step < 12; step++) {
                if (draw.coin()) {
                    held.add(tier.hold(Op.GENERATION));
                }
                change("v" + step);
                if (draw.oneIn(3)) {
                    advance();
                }
            }
            while (!arrived.isEmpty() || held.stream().anyMatch(Held::isSent)) {
                advance();
            }
            ReactiveCache<String, String> other = cache(server.connect());
            for (String key : List.of("a", "b")) {
                assertThat(other.get(key).blockOptional().orElse("nothing"))
                        .as("%s after%s", key, story)
                        .isIn("nothing", newest.getOrDefault(key, "nothing"));
            }
        }

        private void change(String value) {
            String key = draw.oneOf("a", "b");
            int kind = draw.between(0, 6);
            story.append(' ')
                    .append(List.of("put", "invalidate", "write", "tag", "clear", "prefix", "putAll")
                            .get(kind));
            story.append(' ').append(key).append('=').append(value);
            switch (kind) {
                case 0 -> {
                    put.add(value);
                    start(cache.put(key, value, TAGGED), key, value);
                }
                case 1 -> start(cache.invalidate(key), key, null);
                case 2 -> {
                    written.add(value); // the source is written later, so an end of before is no matter
                    start(cache.writeThrough(key, Mono.just(value), TAGGED), key, value);
                }
                case 3 -> {
                    cache.invalidateTag("t").subscribe();
                    newest.values().removeIf(put::contains);
                }
                case 4 -> {
                    cache.clear().subscribe();
                    newest.values().removeIf(any -> !written.contains(any));
                }
                case 5 -> start(cache.invalidatePrefix(key), key, null);
                default -> start(cache.putAll(Map.of("a", value, "b", value)), null, value);
            }
        }

        private void start(Mono<?> change, String key, String value) {
            change.subscribe();
            for (String concerned : key == null ? List.of("a", "b") : List.of(key)) {
                if (value == null) {
                    newest.remove(concerned);
                } else {
                    newest.put(concerned, value);
                }
            }
        }

        /** A question arrives, or an answer does. */
        private void advance() {
            List<Held> sent = held.stream().filter(Held::isSent).toList();
            if (!sent.isEmpty() && (arrived.isEmpty() || draw.coin())) {
                Held next = draw.oneOf(sent);
                held.remove(next);
                arrived.add(next.arrive());
            } else if (!arrived.isEmpty()) {
                arrived.remove(draw.between(0, arrived.size() - 1)).reply();
            }
        }
    }
}
