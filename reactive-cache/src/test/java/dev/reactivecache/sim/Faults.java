package dev.reactivecache.sim;

import dev.reactivecache.redis.SimulatedTier;
import java.util.List;

/** What fate does. */
final class Faults {
    private static final long LONGEST_LOSS = 1_000_000_000;

    /** For how long a fault may have effects after it is over. */
    private static final long LASTING_NANOS = 6_000_000_000L;

    private final World world;
    private final Server server;
    private final ServerLog log;
    private final Oracle oracle;
    private final List<SimNode> nodes;

    Faults(World world, Server server, ServerLog log, Oracle oracle, List<SimNode> nodes) {
        this.world = world;
        this.server = server;
        this.log = log;
        this.oracle = oracle;
        this.nodes = nodes;
    }

    void perform(Step step) {
        SimNode node = nodes.get(step.node());
        SimProcess process = node.process();
        log.trouble(world.now() + 2 * step.size() + LASTING_NANOS);
        String key = Slot.of(step.cache(), step.key()).redisKey();
        switch (step.act()) {
            case LAG -> node.uplink().slowDown(1 + step.size() / 2, slow(step.seed()), world.now() + 2 * step.size());
            case CUT_COMMANDS -> cut(process.client().commandLines());
            case CUT_EVENTS -> cut(process.client().eventLines());
            case SILENCE_COMMANDS -> silence(process.client().commandLines(), step);
            case SILENCE_EVENTS -> silence(process.client().eventLines(), step);
            case PARTITION -> {
                node.uplink().refuse(world.now() + step.size());
                cut(process.client().commandLines());
                cut(process.client().eventLines());
            }
            case PAUSE -> process.pause(step.size());
            case CRASH -> node.crash(step.size());
            case EVICT -> {
                server.redis()
                        .evict(step.seed() % 3 == 0 ? SimulatedTier.generationsKey(Terms.cache(step.cache())) : key);
                log.disturb(key);
            }
            case STRANGER_DELETES -> {
                server.redis().del(key);
                log.disturb(key);
            }
            case STRANGER_SETS -> {
                server.redis().set(key, "not ours");
                log.disturb(key);
            }
            case FLUSH -> {
                server.redis().flush();
                log.flushed();
            }
            case RESTART -> {
                switch ((int) (step.size() % 4)) {
                    case 0 -> restart(true);
                    case 2 -> failOver(Math.min(step.size(), LONGEST_LOSS));
                    default -> restart(false);
                }
            }
            case MUTE -> {
                server.notifyFlags("", null);
                world.after(step.size(), () -> server.notifyFlags("AE", null));
            }
            default -> throw new IllegalArgumentException(step + " is no fault");
        }
    }

    private static Uplink.Slow slow(long seed) {
        return switch ((int) Math.floorMod(seed, 5L)) {
            case 0, 1 -> Uplink.Slow.ALL;
            case 2 -> Uplink.Slow.COMMANDS;
            default -> Uplink.Slow.EVENTS;
        };
    }

    private static void cut(List<Connection> lines) {
        List.copyOf(lines).forEach(Connection::cut);
    }

    /** Sooner or later the other end's kernel says that it knows of no such connection. Or never, which is worse. */
    private void silence(List<Connection> lines, Step step) {
        List<Connection> silent = List.copyOf(lines);
        silent.forEach(Connection::silence);
        if (step.seed() % 2 == 0) {
            world.after(step.size(), () -> cut(silent));
        }
    }

    private void restart(boolean withData) {
        server.restart(withData);
        if (withData) {
            log.disturb(null);
        } else {
            log.flushed();
        }
        cutAll();
    }

    /** What a master acknowledges for some time never reaches the replica that takes its place. */
    private void failOver(long loss) {
        long from = world.now();
        Runnable promote = server.replica();
        world.after(loss, () -> {
            world.note("redis   a replica takes over, without the last %d ms", loss / 1_000_000);
            promote.run();
            log.lost(from);
            oracle.onLost(from);
            cutAll();
        });
    }

    private void cutAll() {
        for (SimNode node : nodes) {
            cut(node.process().client().commandLines());
            cut(node.process().client().eventLines());
        }
    }
}
