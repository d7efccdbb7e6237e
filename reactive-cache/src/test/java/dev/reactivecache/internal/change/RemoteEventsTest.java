package dev.reactivecache.internal.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.RegionListener.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The events of a cache with a remote tier are those of that tier's stream, whichever client made the changes. */
class RemoteEventsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> shared = node(tier);

    private ReactiveCache<String, String> node(FakeTier own) {
        return ReactiveCache.<String, String>builder("events")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .timer(timer)
                .remote(own)
                .build();
    }

    @Test
    void ownChangesAreToldOnceByTheStream() {
        List<Invalidation<String>> heard = new ArrayList<>();
        shared.invalidations().subscribe(heard::add);

        shared.put("a", "v").block();
        shared.invalidate("b").block();

        assertThat(heard)
                .containsExactly(
                        new KeyInvalidated<>("a", Cause.INVALIDATED), new KeyInvalidated<>("b", Cause.INVALIDATED));
    }

    @Test
    void changesByOtherNodesAreTold() {
        List<Invalidation<String>> heard = new ArrayList<>();
        shared.invalidations().subscribe(heard::add);

        node(server.connect()).invalidate("k").block();

        assertThat(heard).containsExactly(new KeyInvalidated<>("k", Cause.INVALIDATED));
    }

    @Test
    void wordOfAnOwnFillEndsWhateverElseIsInMemory() {
        shared.put("k", "v").block();
        assertThat(shared.get("k").block()).isEqualTo("v");
        tier.forget();
        assertThat(shared.get("k").block()).isEqualTo("v");
        assertThat(tier.sent()).as("it is in memory").isEmpty();

        tier.ownChange("k", Tokens.next(), Tokens.next());

        assertThat(shared.get("k").block()).isEqualTo("v");
        assertThat(tier.sent(Op.READ)).isEqualTo(1);
    }

    @Test
    void aClosedCacheHearsNothing() {
        shared.close().block();

        tier.event("k", Change.DELETED);

        assertThat(shared.stats().invalidations()).isZero();
    }

    @Test
    void withARemoteTierChangesAndGapsOfItsStreamAreTold() {

        StepVerifier.create(shared.invalidations())
                .then(() -> tier.event("deleted", Change.DELETED))
                .then(() -> tier.event("replaced", Change.REPLACED))
                .then(() -> tier.event("expired", Change.EXPIRED))
                .then(() -> tier.event("evicted", Change.EVICTED))
                .then(() -> tier.gap("connection lost"))
                .then(timer::advanceTime)
                .expectNext(new KeyInvalidated<>("deleted", Cause.INVALIDATED))
                .expectNext(new KeyInvalidated<>("replaced", Cause.REPLACED))
                .expectNext(new KeyInvalidated<>("expired", Cause.EXPIRED))
                .expectNext(new KeyInvalidated<>("evicted", Cause.EVICTED))
                .expectNext(new Gap<>("connection lost"))
                .thenCancel()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void aFillByAnotherNodeIsNotToldButDropsTheCopy() {
        List<Invalidation<String>> heard = new ArrayList<>();
        shared.invalidations().subscribe(heard::add);
        shared.getOrFetch("k", Mono.just("v")).block();

        tier.event("k", Change.FILLED);
        timer.advanceTime();

        assertThat(heard).isEmpty();
        assertThat(shared.stats().localSize()).isZero();
    }

    @Test
    void aKeyIsGoneFromMemoryWhenItsEventIsTold() {
        shared.getOrFetch("k", Mono.just("v")).block();
        List<Long> sizes = new ArrayList<>();
        shared.invalidations().subscribe(event -> sizes.add(shared.stats().localSize()));

        tier.event("k", Change.DELETED);
        timer.advanceTime();

        assertThat(sizes).containsExactly(0L);
    }
}
