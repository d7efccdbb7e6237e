package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.remote.RemoteState;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Reads of whole entries. While few are under way each is a GET, sent at once. Beyond that they wait for the next
 * reply, and leave together as one MGET: so nothing waits while the connection is idle, and a busy one carries few,
 * larger commands. Keys that cannot be asked for in one command, since they are in different slots of a cluster, do not
 * wait for each other.
 */
final class ReadBatches {
    private final Masters masters;
    private final RedisSettings settings;
    private final AtomicReferenceArray<@Nullable ReadLane> lanes;

    ReadBatches(Masters masters, RedisSettings settings) {
        this.masters = masters;
        this.settings = settings;
        this.lanes = new AtomicReferenceArray<>(masters.slots());
    }

    /**
     * Reads an entry, once it is requested. Emits its state; ends within the read timeout, which is counted as
     * {@link ReadLane#leftNanos} says.
     */
    Mono<RemoteState> read(byte[] name) {
        return new Read(name);
    }

    private final class Read extends Mono<RemoteState> {
        private final byte[] name;

        Read(byte[] name) {
            this.name = name;
        }

        @Override
        public void subscribe(CoreSubscriber<? super RemoteState> actual) {
            actual.onSubscribe(new EntryRead(name, actual, lane(name), masters, settings.timer()));
        }
    }

    private ReadLane lane(byte[] name) {
        int slot = masters.slot(name);
        ReadLane lane = lanes.get(slot);
        if (lane != null) {
            return lane;
        }
        ReadLane made = new ReadLane(masters, settings);
        return lanes.compareAndSet(slot, null, made) ? made : requireNonNull(lanes.get(slot));
    }
}
