package dev.reactivecache.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which nodes have a cache open, as a set in Redis: each says so now and then, and is forgotten when it has not for a
 * while. Redis's clock decides. Said on the connection of all commands, before anything is read from it that memory may
 * answer with: so no node has a copy before it is in the set.
 */
final class Presence {
    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final int ID_LENGTH = 16;
    private static final int LEAVING_AT_ONCE = 64;

    private final CommandLink link;
    private final RedisSettings settings;
    private final byte[] node;
    private final Supplier<Collection<String>> caches;
    private final Disposable.Swap saying = Disposables.swap();

    Presence(CommandLink link, RedisSettings settings, byte[] node, Supplier<Collection<String>> caches) {
        this.link = link;
        this.settings = settings;
        this.node = node;
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

    /** Says that a cache is open here. Redis hears it before anything that is sent later. */
    void attend(String cache) {
        say(cache, SPAN).subscribe(null, unreachable -> {}); // it is said again soon
    }

    /** Says that a cache is not open here any more. */
    Mono<Void> leave(String cache) {
        return say(cache, Duration.ZERO).onErrorComplete();
    }

    private Mono<Void> say(String cache, Duration span) {
        return link.run(
                        Script.ATTEND,
                        ScriptOutputType.INTEGER,
                        KeyLayout.nodesKey(cache),
                        node,
                        Long.toString(span.toMillis()).getBytes(StandardCharsets.US_ASCII))
                .then();
    }

    /** The nodes that have a cache open. */
    Mono<Set<String>> of(String cache) {
        return link.<byte[]>run(Script.ATTENDANTS, ScriptOutputType.VALUE, KeyLayout.nodesKey(cache))
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
            return Flux.fromIterable(caches.get())
                    .flatMap(this::leave, LEAVING_AT_ONCE)
                    .then();
        });
    }
}
