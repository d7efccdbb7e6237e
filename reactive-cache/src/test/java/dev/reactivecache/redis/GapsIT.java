package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.redis.TcpProxy.Kind;
import dev.reactivecache.remote.RegionListener;
import io.lettuce.core.CopyArgs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Replies and events that overtake each other, and streams that are cut: rows R5 to R9. Node {@code far} reaches Redis
 * over a wire that the test holds, {@code near} directly.
 */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class GapsIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final RedisServer redis;
    private final String name = RedisServer.name();
    private TcpProxy wire;
    private Node far;
    private Node near;

    GapsIT(RedisServer redis) {
        this.redis = redis;
    }

    @BeforeEach
    void start() {
        wire = TcpProxy.to(redis);
        near = Node.live(redis.uri(), name);
    }

    @AfterEach
    void stop() {
        if (far != null) {
            far.close();
        }
        near.close();
        wire.close();
    }

    /** A node that waits for long, and seldom asks of itself: what is on the wire is what the test put there. */
    private Node patient() {
        Node node = Node.of(
                        wire.uri(),
                        name,
                        tier -> tier.readTimeout(LONG).writeTimeout(LONG).stalenessBound(LONG.multipliedBy(4)),
                        cache -> cache)
                .ready();
        Node.get(node.cache.get("asked last of all at the start"));
        return node;
    }

    /** A node that finds out soon. */
    private Node alert() {
        return Node.of(wire.uri(), name, tier -> tier.stalenessBound(Duration.ofMillis(300)), cache -> cache);
    }

    @Test
    void replyThatAnInvalidationHasOvertakenIsNotKept() { // R5
        // given a read whose reply is on its way
        near.read("k", "old");
        far = patient();
        wire.commandReplies().shut();
        Mono<String> read = far.cache.getOrFetch("k", far.source("never asked")).cache();
        read.subscribe();
        wire.commandReplies().awaitWaiting();

        // when the key is invalidated, and word of that comes first
        Node.get(near.cache.invalidate("k"));
        Await.until("word has come", () -> far.cache.stats().invalidations() > 0);
        wire.commandReplies().open();

        // then who asked before has the old value, and nobody after
        assertThat(Node.get(read)).isEqualTo("old");
        assertThat(far.read("k", "new")).isEqualTo("new");
    }

    @Test
    void echoOfAnOwnWriteNeverHidesAForeignOne() { // R6
        // given a node that has written, has read that again, and has heard of neither
        far = patient();
        wire.events().shut();
        Node.get(far.cache.writeThrough("k", Mono.just("its own")));
        assertThat(far.read("k", "never asked")).isEqualTo("its own");
        assertThat(far.originOf("k", "never asked")).isEqualTo(Origin.LOCAL);

        // when another writes, and the events of both come at once
        Node.get(near.cache.put("k", "foreign"));
        wire.events().open();

        // then the other's is taken
        Await.until("it is answered", () -> far.read("k", "never asked").equals("foreign"));
    }

    @Test
    void whatChangedWhileTheStreamWasAwayIsNeverServedFromMemory() { // R7
        // given a node with copies of two keys
        far = Node.live(wire.uri(), name);
        far.warm("changed", "old");
        far.warm("unchanged", "same");
        int loads = far.loads.get();

        // when its stream is away, and others write
        wire.refuse(true);
        wire.cut(Kind.EVENTS);
        Await.until("it knows", () -> !far.tier.health().streamLive());
        Node.get(near.cache.put("changed", "new"));

        // then it asks Redis each time, and loads nothing
        for (int i = 0; i < 20; i++) {
            assertThat(far.look("changed", "never asked")).satisfies(answer -> {
                assertThat(answer.value()).isEqualTo("new");
                assertThat(answer.origin()).isEqualTo(Origin.REMOTE);
            });
        }

        // and when it is back, copies that are still good are good after one question
        wire.refuse(false);
        far.ready();
        Await.until("a gap is reported", () -> far.told.stream().anyMatch(Gap.class::isInstance));
        assertThat(far.cache.stats().gaps()).isGreaterThan(0);
        long checks = far.cache.stats().checks();
        assertThat(far.originOf("unchanged", "never asked")).isEqualTo(Origin.REMOTE);
        assertThat(far.cache.stats().checks()).isEqualTo(checks + 1);
        assertThat(far.originOf("unchanged", "never asked")).isEqualTo(Origin.LOCAL);
        assertThat(far.read("changed", "never asked")).isEqualTo("new");
        assertThat(far.loads).hasValue(loads);
    }

    @Test
    void copiesFromBeforeAGapAreCheckedEvenIfTheStreamIsBackAtOnce() { // R7
        far = alert().ready();
        for (int round = 0; round < 10; round++) {
            String value = "v" + round;
            Node.get(near.cache.put("k", value));
            Await.until("it is read", () -> far.read("k", "never asked").equals(value));
            far.warm("k", "never asked");
            long gaps = far.cache.stats().gaps();
            wire.events().shut(); // word of the next write stays on the wire
            Node.get(near.cache.put("k", "newer" + round));
            wire.cut(Kind.EVENTS); // and is lost with it
            wire.events().open();

            Await.until("it knows", () -> far.cache.stats().gaps() > gaps);
            Await.until("it is live again", () -> far.tier.health().streamLive());

            assertThat(far.read("k", "never asked")).isEqualTo("newer" + round);
        }
        assertThat(far.loads).hasValue(0);
    }

    @Test
    void readThatSpansAGapIsNotServedAfterIt() {
        // given a read whose reply is on its way
        near.read("k", "old");
        far = patient();
        wire.commandReplies().shut();
        Mono<String> read = far.cache.getOrFetch("k", far.source("never asked")).cache();
        read.subscribe();
        wire.commandReplies().awaitWaiting();

        // when the stream is cut, and word of an invalidation is lost
        wire.events().shut();
        Node.get(near.cache.invalidate("k"));
        wire.cut(Kind.EVENTS);
        wire.events().open();
        Await.until("it knows", () -> far.cache.stats().gaps() > 0);
        Mono<String> later = far.cache.getOrFetch("k", far.source("new")).cache();
        later.subscribe();
        wire.commandReplies().open();

        // then the reply is for those who asked before, only
        assertThat(Node.get(read)).isEqualTo("old");
        assertThat(Node.get(later)).isEqualTo("new");
        far.ready();
        assertThat(far.read("k", "new")).isEqualTo("new");
    }

    @Test
    void loadThatSpansAGapIsNotServedAfterIt() {
        // given a node that loads for itself, because another has the right to fill
        Sinks.One<String> never = Sinks.one();
        Sinks.One<String> reply = Sinks.one();
        near.cache.getOrFetch("k", never.asMono()).subscribe();
        Await.until("the one loads", () -> never.currentSubscriberCount() == 1);
        far = alert().ready();
        Mono<String> read = far.cache.getOrFetch("k", reply.asMono()).cache();
        read.subscribe();
        Await.until("so does the other", () -> reply.currentSubscriberCount() == 1);

        // when word of an invalidation is lost, the stream is live again, and then the source answers
        wire.events().shut();
        Node.get(near.cache.invalidate("k"));
        wire.cut(Kind.EVENTS);
        wire.events().open();
        Await.until("it knows", () -> far.cache.stats().gaps() > 0);
        Await.until("it is live again", () -> far.tier.health().streamLive());
        reply.tryEmitValue("old").orThrow();

        // then the answer is for those who asked before, only
        assertThat(Node.get(read)).isEqualTo("old");
        assertThat(far.read("k", "new")).isEqualTo("new");
    }

    @Test
    void nothingIsServedFromMemoryBeforeTheSubscriptionIsAcknowledged() { // R8
        // given a node whose SUBSCRIBE has not reached Redis, and that has read a key
        near.read("k", "old");
        wire.subscriptions().shut();
        far = alert();
        wire.subscriptions().awaitWaiting();
        assertThat(far.look("k", "never asked").value()).isEqualTo("old");

        // when others write, before it is acknowledged
        Node.get(near.cache.put("k", "new"));
        assertThat(far.originOf("k", "never asked")).isEqualTo(Origin.REMOTE);
        wire.subscriptions().open();
        far.ready();

        // then it has the new value
        assertThat(far.read("k", "never asked")).isEqualTo("new");
    }

    @Test
    void eventThatComesBeforeTheWritesOwnReplyStillCounts() { // R9
        // given a write of ours that Redis has done, and whose reply is on its way
        far = patient();
        wire.commandReplies().shut();
        Mono<Void> put = far.cache.put("k", "ours").cache();
        put.subscribe();
        wire.commandReplies().awaitWaiting();
        Await.until("its event has come", () -> far.cache.stats().invalidations() > 0);

        // when another writes after it, and is heard of before our reply is
        long before = far.cache.stats().invalidations();
        Node.get(near.cache.put("k", "theirs"));
        Await.until("its event has come", () -> far.cache.stats().invalidations() > before);
        wire.commandReplies().open();
        Node.get(put);

        // then theirs is what counts
        assertThat(far.read("k", "never asked")).isEqualTo("theirs");
        assertThat(far.read("k", "never asked")).isEqualTo("theirs");
    }

    @Test
    void streamThatHasGoneSilentStopsAnswersFromMemoryAndIsReplaced() { // half-open
        far = alert().ready();
        far.warm("k", "old");
        long gaps = far.cache.stats().gaps();

        wire.silence(Kind.EVENTS);
        Node.get(near.cache.put("k", "new"));

        Await.until(
                "the old copy is not served", () -> far.read("k", "never asked").equals("new"));
        Await.until("there is a gap", () -> far.cache.stats().gaps() > gaps);
        far.ready();
        Await.until("memory answers again", () -> far.originOf("k", "never asked") == Origin.LOCAL);
        assertThat(far.read("k", "never asked")).isEqualTo("new");
    }

    @Test
    void commandConnectionThatHasGoneSilentIsReplaced() { // half-open
        far = alert().ready();
        far.warm("k", "v");

        wire.silence(Kind.COMMANDS);

        Await.until("Redis answers again", () -> far.originOf("other", "v") == Origin.LOCAL);
    }

    @Test
    void subscriptionThatIsCutBeforeItWasAcknowledgedIsMadeAnew() {
        wire.cutNextSubscribe();

        far = alert();

        far.ready();
        far.warm("k", "v");
    }

    @Test
    void subscriptionThatIsCutAmidItsAcknowledgementIsMadeAnewInFull() {
        // given a node whose subscription was acknowledged in part when the connection ended
        wire.cutInsideNextAcknowledgement();
        far = alert().ready();

        // then it hears of every kind of change
        for (String command : List.of("SET", "DEL", "RENAME", "PEXPIRE", "COPY", "SETBIT", "MOVE")) {
            String key = "rc:" + name + ":" + command;
            far.warm(command, "v");
            long seen = far.cache.stats().invalidations();
            switch (command) {
                case "SET" -> redis.foreigner().set(key, "by hand");
                case "DEL" -> redis.foreigner().del(key);
                case "RENAME" -> redis.foreigner().rename(key, key + "-old");
                case "PEXPIRE" -> redis.foreigner().pexpire(key, 1);
                case "COPY" -> redis.foreigner().copy("rc:" + name + ":SET", key, CopyArgs.Builder.replace(true));
                case "SETBIT" -> // behind the entry's end: Redis announces no bit that was the same before
                    redis.foreigner().setbit(key, 8 * redis.foreigner().strlen(key), 1);
                default -> redis.foreigner().move(key, 1);
            }
            Await.until("it hears of " + command, () -> far.cache.stats().invalidations() > seen);
        }
    }

    @Test
    void serverThatIsOnlySlowAtTheStartIsNotBlamedForItsSettings() {
        // given a node that has subscribed, and gets no answers from then on
        wire.subscriptions().shut();
        far = Node.of(wire.uri(), name, tier -> tier.stalenessBound(LONG), cache -> cache);
        wire.subscriptions().awaitWaiting();
        wire.commandReplies().shut();
        Mono<Void> ready = far.tier.ready().cache();
        ready.subscribe(null, failure -> {});
        wire.subscriptions().open();

        // when the answers come, later than anybody waits for
        Await.until(
                "it has given up once",
                () -> String.valueOf(far.tier.health().problem()).contains("no answer"));
        wire.commandReplies().open();

        // then it gets ready all the same
        Node.get(ready);
        far.warm("k", "v");
    }

    @Test
    void memoryDoesNotAnswerWhileTheStreamHasBeenSilentForLongerThanTheBound() {
        // given a node with a copy, whose stream nothing comes out of any more
        Duration bound = Duration.ofMillis(300);
        far = alert().ready();
        far.warm("k", "v");
        long gaps = far.cache.stats().gaps();
        wire.events().shut();

        // when it reads, until it gives the stream up
        AtomicInteger afterTheBound = new AtomicInteger();
        Await.until("the stream is given up", () -> {
            for (int i = 0; i < 10; i++) {
                Duration silence = far.tier.health().silence();
                Origin origin = far.originOf("k", "never asked");
                // before and after: what was on its way may come in between
                boolean late =
                        isLonger(silence, bound) && isLonger(far.tier.health().silence(), bound);
                assertThat(late && origin == Origin.LOCAL)
                        .as("from memory after " + silence)
                        .isFalse();
                afterTheBound.addAndGet(late ? 1 : 0);
            }
            return far.cache.stats().gaps() > gaps;
        });

        // then it has read behind the bound, too
        assertThat(afterTheBound).hasPositiveValue();
        assertThat(far.loads).hasValue(1);
    }

    private static boolean isLonger(Duration silence, Duration bound) {
        return silence == null || silence.compareTo(bound) > 0;
    }

    @Test
    void eventThatCannotBeAppliedIsAGap() {
        List<String> gaps = new CopyOnWriteArrayList<>();
        near.tier.open(name + "-fails", new RegionListener() {
            @Override
            public void onChange(String key, Change change) {
                throw new IllegalStateException("a listener that fails");
            }

            @Override
            public void onGap(String reason) {
                gaps.add(reason);
            }
        });
        near.warm("k", "v");

        redis.foreigner().set("rc:" + name + "-fails:k", "by hand");

        Await.until("it is a gap", () -> !gaps.isEmpty());
        assertThat(gaps.get(0)).contains("could not be applied");
        near.ready();
        near.warm("k", "never asked");
    }
}
