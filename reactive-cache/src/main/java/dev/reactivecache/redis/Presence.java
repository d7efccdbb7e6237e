package dev.reactivecache.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which nodes have a cache open, as a set in Redis: each says so now and then, and is forgotten when it has not for a
 * while. Redis's clock decides. A node keeps no copies before Redis has answered that it is in the set.
 */
final class Presence {
    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final int ID_LENGTH = 16;
    private static final int AT_ONCE = 64;

    private final Masters masters;
    private final RedisSettings settings;
    private final byte[] node;
    private final Supplier<Collection<String>> caches;
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Disposable.Swap saying = Disposables.swap();

    Presence(Masters masters, RedisSettings settings, Supplier<Collection<String>> caches) {
        this.masters = masters;
        this.settings = settings;
        this.node = masters.node();
        this.caches = caches;
    }

    /** Says so from now on. */
    void start() {
        attendAll();
        saying.update(Mono.delay(PERIOD, settings.timer().scheduler())
                .doOnNext(tick -> attendAll())
                .repeat()
                .subscribe());
    }

    /** Says so of every cache that is open here. */
    void attendAll() {
        caches.get().forEach(this::attend);
    }

    /** Says that a cache is open here. */
    void attend(String cache) {
        attending(cache).subscribe();
    }

    /** Completes when Redis has answered for every cache that is open here, or is not there to answer. */
    Mono<Void> announced() {
        return Flux.defer(() -> Flux.fromIterable(caches.get()))
                .filter(cache -> !isAnswered(cache))
                .flatMap(this::attending, AT_ONCE)
                .then();
    }

    private Mono<Void> attending(String cache) {
        return say(cache, SPAN)
                .onErrorComplete(Presence::isRefusal) // then the set stays empty, and there are no receipts
                .doOnSuccess(said -> answered.add(cache))
                .onErrorComplete(); // it is said again soon
    }

    private static boolean isRefusal(Throwable failure) {
        return failure.getCause() instanceof RedisCommandExecutionException;
    }

    /** Whether Redis has answered that a cache is open here. */
    boolean isAnswered(String cache) {
        return answered.contains(cache);
    }

    /** Says that a cache is not open here any more. */
    Mono<Void> leave(String cache) {
        answered.remove(cache);
        return say(cache, Duration.ZERO).onErrorComplete();
    }

    private Mono<Void> say(String cache, Duration span) {
        return masters.run(
                        settings.writeTimeout(),
                        Script.ATTEND,
                        ScriptOutputType.INTEGER,
                        settings.keys().nodesKey(cache),
                        node,
                        Long.toString(span.toMillis()).getBytes(StandardCharsets.US_ASCII))
                .then();
    }

    /** The nodes that have a cache open. */
    Mono<Set<String>> of(String cache) {
        return masters.<byte[]>run(
                        settings.writeTimeout(),
                        Script.ATTENDANTS,
                        ScriptOutputType.VALUE,
                        settings.keys().nodesKey(cache))
                .map(ids -> split(new String(ids, StandardCharsets.US_ASCII)));
    }

    private static Set<String> split(String ids) {
        Set<String> found = new HashSet<>();
        for (int i = 0; i + ID_LENGTH <= ids.length(); i += ID_LENGTH) {
            found.add(ids.substring(i, i + ID_LENGTH));
        }
        return found;
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            saying.dispose();
            return Flux.fromIterable(caches.get()).flatMap(this::leave, AT_ONCE).then();
        });
    }
}
