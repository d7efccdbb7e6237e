package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Fault.Effect;
import dev.reactivecache.chaos.Fault.Hand;
import dev.reactivecache.redis.Await;
import dev.reactivecache.redis.ChangeSource;
import dev.reactivecache.redis.RedisProcess;
import dev.reactivecache.redis.TcpProxy;
import io.lettuce.core.FlushMode;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** One Redis that keeps nothing on disk, and a wire of its own for each node. */
final class StandalonePlace implements Place {
    private static final String EVENTS = "notify-keyspace-events";

    private final RedisProcess redis = RedisProcess.start();
    private final Stranger stranger = new Stranger();
    private final List<TcpProxy> wires;

    StandalonePlace(int nodes) {
        wires = IntStream.range(0, nodes).mapToObj(i -> TcpProxy.to(redis)).toList();
    }

    @Override
    public String name() {
        return "standalone";
    }

    @Override
    public String uri(int slot) {
        return wires.get(slot).uri();
    }

    @Override
    public String directUri() {
        return redis.uri();
    }

    @Override
    public List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < wires.size(); i++) {
            faults.addAll(WireFaults.of(wires.get(i), "wire " + i));
        }
        faults.add(new Fault("freeze redis", "redis", 3, Effect.NONE, hand -> {
            redis.pause();
            hand.hold(200, 3_000);
            redis.resume();
        }));
        faults.add(new Fault("kill redis", "redis", 3, Effect.NONE, hand -> {
            redis.kill();
            hand.hold(0, 2_000);
            redis.launch();
        }));
        faults.add(deed("kill subscribers", 5, (commands, hand) -> Stranger.killSubscribers(commands)));
        faults.add(deed("kill connections", 5, (commands, hand) -> Stranger.killOthers(commands)));
        faults.add(deed("flush", 5, (commands, hand) -> commands.flushall()));
        faults.add(deed("flush later", 1, (commands, hand) -> commands.flushall(FlushMode.ASYNC)));
        faults.add(deed("meddle", 6, (commands, hand) -> Stranger.meddle(commands, hand.random)));
        faults.add(deed("forget scripts", 1, (commands, hand) -> commands.scriptFlush()));
        if (ChaosSettings.source() == ChangeSource.EVENTS) { // else nobody would switch them on again
            faults.add(new Fault("switch events off", "settings", 5, Effect.UNTOLD, this::switchEventsOff));
        }
        faults.add(new Fault("little memory", "memory", 3, Effect.NONE, this::takeMemory));
        return faults;
    }

    private Fault deed(String name, int weight, BiConsumer<RedisCommands<String, String>, Hand> deed) {
        return new Fault(
                name,
                "redis",
                weight,
                Effect.NONE,
                hand -> stranger.on(redis.port(), commands -> deed.accept(commands, hand)));
    }

    /** The nodes must switch them on again: if another client did so soon, they need not notice. */
    private void switchEventsOff(Hand hand) {
        stranger.on(redis.port(), commands -> commands.configSet(EVENTS, ""));
        Await.until("events are on", () -> {
            AtomicBoolean on = new AtomicBoolean();
            stranger.on(
                    redis.port(),
                    commands -> on.set(commands.configGet(EVENTS).get(EVENTS).contains("E")));
            return on.get();
        });
    }

    private void takeMemory(Hand hand) throws InterruptedException {
        stranger.on(redis.port(), commands -> {
            commands.configSet("maxmemory-policy", "allkeys-lru");
            String used = commands.info("memory")
                    .lines()
                    .filter(line -> line.startsWith("used_memory:"))
                    .findFirst()
                    .orElseThrow();
            long bytes = Long.parseLong(used.substring(used.indexOf(':') + 1).trim());
            commands.configSet("maxmemory", "" + (bytes - hand.random.nextInt(40_000)));
        });
        hand.hold(100, 2_000);
        Await.until("there is room again", () -> {
            stranger.on(redis.port(), commands -> commands.configSet("maxmemory", "0"));
            return true;
        });
    }

    @Override
    public void heal() {
        redis.resume();
    }

    @Override
    public void close() {
        wires.forEach(TcpProxy::close);
        stranger.close();
        redis.close();
    }
}
