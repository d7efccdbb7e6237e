package dev.reactivecache.internal.write;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Keeps the puts of one node in the order in which its changes were subscribed to. A put may have to ask for the
 * generations before it is sent; a change that is subscribed to meanwhile is sent at once. The put then only
 * invalidates: its value is older than that change. Nothing waits for anything here.
 */
final class PutOrder {
    private final ConcurrentMap<String, Place> newest = new ConcurrentHashMap<>();

    private enum Stage {
        /** It has not been sent. */
        WAITING,
        /** It is being handed to the connection: what comes now may go before or after it. */
        SENDING,
        /** The connection has it, and hands on what comes later after it. */
        SENT,
        /** Something newer was subscribed to: its value may not stay. */
        OVERTAKEN,
        /** The remote tier has answered. */
        ENDED
    }

    /** The place of a put that is subscribed to now. Its holder sends it, and leaves at the end. */
    Place enter(String text, List<String> tags) {
        Place place = new Place(text, tags);
        Place before = newest.put(text, place);
        if (before != null) {
            before.overtakenByPut();
        }
        return place;
    }

    /** A change of this key that is no put is subscribed to now. */
    void overtake(String text) {
        Place place = newest.get(text);
        if (place != null) {
            place.overtaken();
        }
    }

    /** The end of a tag, or of the whole cache, if null, is subscribed to now. */
    void overtakeTag(@Nullable String tag) {
        overtakeIf(place -> tag == null || place.tags.contains(tag));
    }

    /** An invalidation of the keys whose text begins with a prefix is subscribed to now. */
    void overtakePrefix(String prefix) {
        overtakeIf(place -> place.text.startsWith(prefix));
    }

    private void overtakeIf(Predicate<Place> concerned) {
        newest.values().stream().filter(concerned).forEach(Place::overtaken);
    }

    /** How many puts have not left. */
    int size() {
        return newest.size();
    }

    /** One put, from when it is subscribed to until the remote tier has answered. */
    final class Place {
        private final String text;
        private final List<String> tags;
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

        private Place(String text, List<String> tags) {
            this.text = text;
            this.tags = tags;
        }

        /** Sends the put, unless it was overtaken. What overtakes it on its way makes an invalidation follow it. */
        Mono<Void> send(Mono<Void> put, Mono<Void> invalidation) {
            return Mono.defer(() -> stage.compareAndSet(Stage.WAITING, Stage.SENDING)
                    ? Mono.<Void>fromDirect(caller -> {
                                put.subscribe(caller);
                                stage.compareAndSet(Stage.SENDING, Stage.SENT);
                            })
                            .then(Mono.defer(() ->
                                    stage.getAndSet(Stage.ENDED) == Stage.OVERTAKEN ? invalidation : Mono.empty()))
                    : invalidation);
        }

        /** To be called however the put ends. */
        void leave() {
            newest.remove(text, this);
        }

        private void overtaken() {
            overtakenByPut();
            stage.compareAndSet(Stage.SENT, Stage.OVERTAKEN);
        }

        /** Of two puts that the connection has, the later one stays. */
        private void overtakenByPut() {
            if (!stage.compareAndSet(Stage.WAITING, Stage.OVERTAKEN)) {
                stage.compareAndSet(Stage.SENDING, Stage.OVERTAKEN);
            }
        }
    }
}
