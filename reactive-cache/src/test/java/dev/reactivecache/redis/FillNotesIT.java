package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.KeyInvalidated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Filling a key is no invalidation to those who subscribe to them, on no node. */
@ExtendWith({RedisServer.Shared.class, NodePair.Live.class})
@Timeout(60)
class FillNotesIT {
    private final RedisServer redis;
    private final String name;
    private final Node a;
    private final Node b;

    FillNotesIT(RedisServer redis, NodePair nodes) {
        this.redis = redis;
        this.name = nodes.name();
        this.a = nodes.a();
        this.b = nodes.b();
    }

    private void awaitStreams() {
        a.awaitStreamCaughtUp();
        b.awaitStreamCaughtUp();
    }

    @Test
    void aFillIsNotTold() {
        a.read("k", "v");
        awaitStreams();

        assertThat(a.told).isEmpty();
        assertThat(b.told).isEmpty();
        assertThat(b.cache.stats().invalidations()).isZero();
    }

    @Test
    void aLoadThatBringsNothingIsNotTold() {
        assertThat(Node.get(a.cache.getOrFetch("k", Mono.empty()))).isNull();
        assertThatThrownBy(() -> Node.get(a.cache.getOrFetch("k", Mono.error(new IllegalStateException("down")))))
                .hasMessage("down");
        Await.until("the rights are given back", () -> redis.foreigner().exists("rc:" + name + ":k") == 0);
        awaitStreams();

        assertThat(a.told).isEmpty();
        assertThat(b.told).isEmpty();
    }

    @Test
    void aFillDropsWhatAnotherNodeLoadedBesideIt() {
        // given a node that loads, and another that did not wait for it
        Sinks.One<String> reply = Sinks.one();
        Mono<String> filling = a.cache.getOrFetch("k", reply.asMono()).cache();
        filling.subscribe();
        Await.until("it loads", () -> reply.currentSubscriberCount() == 1);
        b.warm("k", "loaded beside it");

        // when the first fills
        reply.tryEmitValue("filled").orThrow();
        Node.get(filling);
        awaitStreams();

        // then both have the one value
        assertThat(b.read("k", "never asked")).isEqualTo("filled");
        assertThat(b.told).isEmpty();
    }

    @Test
    void replacingAValueThatCouldNotBeReadIsTold() {
        redis.foreigner().set("rc:" + name + ":k", ForeignBytesIT.HEADER + TestCodecs.BAD);
        b.awaitTold(new KeyInvalidated<>("k", Cause.REPLACED));
        b.told.clear();

        assertThat(a.read("k", "v")).isEqualTo("v");
        awaitStreams();

        b.awaitTold(new KeyInvalidated<>("k", Cause.REPLACED));
        assertThat(b.told).hasSize(1);
    }

    @Test
    void aDeletionByHandRightAfterAFillIsTold() {
        a.read("k", "v");
        redis.foreigner().del("rc:" + name + ":k");
        awaitStreams();

        a.awaitTold(new KeyInvalidated<>("k", Cause.INVALIDATED));
        assertThat(a.told).hasSize(1);
        b.awaitTold(new KeyInvalidated<>("k", Cause.INVALIDATED));
        assertThat(b.told).hasSize(1);
    }
}
