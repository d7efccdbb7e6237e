package dev.reactivecache.fake;

import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.remote.RemoteTierException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One node's connection to a {@link FakeServer}. By default each operation is done and answered at once; the test can
 * make operations fail, hold them back, and decide when word of changes arrives.
 */
public final class FakeTier implements RemoteTier {
    private final FakeServer server;
    private final Map<String, RegionListener> listeners = new HashMap<>();
    private final List<Op> sent = new CopyOnWriteArrayList<>();
    private final Set<Op> failing = EnumSet.noneOf(Op.class);
    private final Map<Op, Queue<Held>> holding = new EnumMap<>(Op.class);
    private final List<Runnable> heldEvents = new ArrayList<>();
    private boolean holdsEvents;
    private RemoteHealth health = new RemoteHealth(true, true, null, null);
    private Epoch epoch = Epoch.unbounded();

    FakeTier(FakeServer server) {
        this.server = server;
    }

    /** What a region can be asked for. */
    public enum Op {
        READ,
        INSPECT,
        LEASE,
        REFRESH,
        RENEW,
        FILL,
        EXTEND,
        RELEASE,
        REST,
        REMOVE,
        INVALIDATE,
        BEGIN_WRITE,
        END_WRITE,
        PUT,
        SPREAD,
        GENERATION,
        END_GENERATION,
        KEYS
    }

    /** One operation that was held back: the server does it, and answers, when the test says so. */
    public static final class Held {
        private final Sinks.One<Object> reply = Sinks.one();
        private Supplier<Object> work;
        private Object result;
        private boolean cancelled;

        /** The server does it; the answer stays on its way. */
        public Held arrive() {
            result = work.get();
            return this;
        }

        /** The answer arrives. */
        public void reply() {
            if (result == null) {
                reply.tryEmitEmpty().orThrow();
            } else {
                reply.tryEmitValue(result).orThrow();
            }
        }

        /** The node gives up waiting for the answer. */
        public void fail() {
            reply.tryEmitError(new RemoteTierException("timed out", null)).orThrow();
        }

        /** Whether it was sent. */
        public boolean isSent() {
            return work != null;
        }

        /** Whether nobody waits for the answer any more. */
        public boolean isCancelled() {
            return cancelled;
        }
    }

    /** Holds the next operation of this kind back. */
    public Held hold(Op op) {
        Held held = new Held();
        holding.computeIfAbsent(op, same -> new ArrayDeque<>()).add(held);
        return held;
    }

    /** Makes operations of these kinds fail, and do nothing, from now on. */
    public FakeTier fail(Op... ops) {
        failing.addAll(List.of(ops));
        return this;
    }

    /** Makes every operation work again. */
    public FakeTier heal() {
        failing.clear();
        return this;
    }

    /** How often an operation was sent. */
    public long sent(Op op) {
        return sent.stream().filter(op::equals).count();
    }

    /** All that was sent about keys, in order. */
    public List<Op> sent() {
        return sent.stream().filter(op -> op != Op.GENERATION).toList();
    }

    /** Forgets what was sent. */
    public FakeTier forget() {
        sent.clear();
        return this;
    }

    /** Holds word of changes back until {@link #deliverEvents}. */
    public FakeTier holdEvents() {
        holdsEvents = true;
        return this;
    }

    /** Delivers the held word of changes, in order, and holds back no longer. */
    public void deliverEvents() {
        holdsEvents = false;
        List<Runnable> all = List.copyOf(heldEvents);
        heldEvents.clear();
        all.forEach(Runnable::run);
    }

    /** The stream missed something and begins anew. */
    public void gap(String reason) {
        gap(reason, Epoch.unbounded());
    }

    /** The stream missed something and is in the given epoch now. */
    public void gap(String reason, Epoch next) {
        Epoch before = epoch;
        epoch = next;
        before.end();
        List.copyOf(listeners.values()).forEach(listener -> listener.onGap(reason));
    }

    /** The tier works again. */
    public void back(boolean mayHaveLost) {
        List.copyOf(listeners.values()).forEach(listener -> listener.onTierBack(mayHaveLost));
    }

    /** What {@link #health} answers from now on. */
    public void health(RemoteHealth now) {
        health = now;
    }

    /** A key was changed by this node's own attempt to fill it, and others may have changed it right before. */
    public void ownChange(String key, long token, long stamp) {
        List.copyOf(listeners.values()).forEach(listener -> listener.onOwnChange(key, token, stamp));
    }

    /** Word of a change of some key arrives. */
    public void event(String key, Change change) {
        List.copyOf(listeners.values()).forEach(listener -> listener.onChange(key, change));
    }

    boolean isOpen() {
        return !listeners.isEmpty();
    }

    /** Runs something once all word of changes from before has been delivered. */
    void whenCaughtUp(Runnable then) {
        if (holdsEvents) {
            heldEvents.add(then);
        } else {
            then.run();
        }
    }

    void hearEnd(@Nullable String tag, boolean asked) {
        whenCaughtUp(() -> List.copyOf(listeners.values()).forEach(listener -> listener.onGenerationEnd(tag, asked)));
    }

    void hear(String key, Change change) {
        whenCaughtUp(() -> event(key, change));
    }

    void hearLoadEnd(String key) {
        whenCaughtUp(() -> List.copyOf(listeners.values()).forEach(listener -> listener.onLoadEnd(key)));
    }

    @Override
    public RemoteRegion open(String cache, RegionListener listener) {
        if (listeners.putIfAbsent(cache, listener) != null) {
            throw new IllegalStateException("a cache named '" + cache + "' is open on this tier");
        }
        return new FakeRegion(this, server, () -> listeners.remove(cache));
    }

    Epoch epoch() {
        return epoch;
    }

    <T> Mono<T> send(Op op, Supplier<T> work) {
        return Mono.defer(() -> {
            sent.add(op);
            if (failing.contains(op)) {
                return Mono.error(new RemoteTierException(op + " failed", null));
            }
            Queue<Held> waiting = holding.get(op);
            Held held = waiting == null ? null : waiting.poll();
            return held == null ? Mono.fromSupplier(work) : held(held, work);
        });
    }

    @SuppressWarnings("unchecked")
    private static <T> Mono<T> held(Held held, Supplier<T> work) {
        held.work = (Supplier<Object>) work;
        return ((Mono<T>) held.reply.asMono()).doOnCancel(() -> held.cancelled = true);
    }

    @Override
    public Mono<Void> ready() {
        return Mono.empty();
    }

    @Override
    public RemoteHealth health() {
        return health;
    }

    @Override
    public Mono<Void> close() {
        return Mono.empty();
    }
}
