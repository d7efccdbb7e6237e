package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Fault.Effect;
import dev.reactivecache.redis.RedisProcess;
import dev.reactivecache.redis.SentinelGroup;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** A master, its replica and a Sentinel. Nodes reach the one that the Sentinel names. */
final class SentinelPlace implements Place {
    /** In this time a Sentinel notices a server that was silent, also if it has just been frozen itself. */
    private static final Duration SENTINEL_NOTICES = Duration.ofSeconds(3);

    private final SentinelGroup group = SentinelGroup.start();
    private final Stranger stranger = new Stranger();

    @Override
    public String name() {
        return "sentinel";
    }

    @Override
    public String uri(int slot) {
        return group.uri();
    }

    @Override
    public String directUri() {
        return group.uri();
    }

    @Override
    public List<Fault> faults() {
        return List.of(
                change("fail over", 3, hand -> {
                    RedisProcess next = group.other(group.master());
                    group.failOver();
                    group.awaitMaster(next);
                }),
                change("kill master", 2, hand -> {
                    RedisProcess killed = group.master();
                    killed.kill();
                    group.awaitMaster(group.other(killed));
                    hand.hold(0, 1_000);
                }),
                change("freeze master", 2, hand -> {
                    group.master().pause();
                    hand.hold(200, 3_000);
                }),
                new Fault("freeze sentinel", "sentinel", 1, Effect.NONE, hand -> {
                    group.sentinel.pause();
                    hand.hold(200, 2_000);
                    group.sentinel.resume();
                }),
                deed("kill subscribers", 1, (commands, hand) -> Stranger.killSubscribers(commands)),
                deed("kill connections", 1, (commands, hand) -> Stranger.killOthers(commands)),
                deed("flush", 1, (commands, hand) -> commands.flushall()),
                deed("meddle", 2, (commands, hand) -> Stranger.meddle(commands, hand.random)));
    }

    /**
     * A fault that may change the master. It lasts until the two are in step again, whatever became of it: as long as
     * they are not, all that the master acknowledges may be lost, and not only what the replica did not have when it
     * began.
     */
    private Fault change(String name, int weight, Fault.Course course) {
        return new Fault(name, "redis", weight, Effect.FORGOTTEN, hand -> {
            try {
                course.run(hand);
            } finally {
                group.heal();
                hand.hold(SENTINEL_NOTICES);
                group.heal();
            }
            hand.hold(0, 1_500);
        });
    }

    private Fault deed(String name, int weight, BiConsumer<RedisCommands<String, String>, Fault.Hand> deed) {
        return new Fault(
                name,
                "redis",
                weight,
                Effect.NONE,
                hand -> stranger.on(group.masterPort(), commands -> deed.accept(commands, hand)));
    }

    @Override
    public void heal() {
        group.heal();
    }

    @Override
    public void close() {
        stranger.close();
        group.close();
    }
}
