package dev.reactivecache.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * Looks for keys of one master. Each look goes through all of the server's keys, so searches share one: those that come
 * while it is under way wait for the next. A look is made of steps, none of which keeps the server busy for long; there
 * is one step at a time. A search whose keys are not taken as fast as they are found goes on alone from where it is, so
 * that the others need not wait for it.
 */
final class KeyScan {
    private static final int STEP = 500;

    /** How many keys may have been found for a search and not taken yet, before it is late. */
    static final int MOST_UNTAKEN = 10_000;

    /** What has a meaning in patterns. */
    private static final String SPECIAL = "*?[]^\\";

    private final BiFunction<ScanCursor, byte[], Mono<KeyScanCursor<byte[]>>> scan;
    private final Queue<Search> coming = new ConcurrentLinkedQueue<>();
    private final Deque<Look> looks = new ArrayDeque<>(); // seen by one thread at a time: see work and stepping
    private final AtomicInteger work = new AtomicInteger();
    private volatile boolean stepping;

    /** @param scan makes one step from a cursor, with a pattern */
    KeyScan(BiFunction<ScanCursor, byte[], Mono<KeyScanCursor<byte[]>>> scan) {
        this.scan = scan;
    }

    /** Of the master that a link leads to. */
    static KeyScan over(CommandLink link, RedisSettings settings) {
        return new KeyScan((from, pattern) -> link.send(
                settings.readTimeout(),
                commands -> commands.scan(from, new ScanArgs().match(pattern).limit(STEP))));
    }

    /**
     * All keys that begin with these bytes: SCAN promises those that are there from its beginning to its end, and may
     * answer some twice (Redis documentation: SCAN).
     */
    Flux<byte[]> keys(byte[] prefix) {
        return Flux.defer(() -> {
            AtomicInteger untaken = new AtomicInteger();
            return Flux.<List<byte[]>>create(found -> {
                        found.onDispose(this::goOn);
                        coming.add(new Search(prefix, found, untaken));
                        goOn();
                    })
                    .concatMapIterable(keys -> keys)
                    .doOnNext(key -> {
                        if (untaken.decrementAndGet() == MOST_UNTAKEN) {
                            goOn(); // it is late no more
                        }
                    });
        });
    }

    /** One search. */
    private static final class Search {
        private final byte[] prefix;
        private final FluxSink<List<byte[]>> found;
        private final AtomicInteger untaken;

        Search(byte[] prefix, FluxSink<List<byte[]>> found, AtomicInteger untaken) {
            this.prefix = prefix;
            this.found = found;
            this.untaken = untaken;
        }

        boolean isLate() {
            return untaken.get() > MOST_UNTAKEN;
        }

        void hand(List<byte[]> keys) {
            List<byte[]> wanted =
                    keys.stream().filter(key -> startsWith(key, prefix)).toList();
            if (!wanted.isEmpty()) {
                untaken.addAndGet(wanted.size());
                found.next(wanted);
            }
        }
    }

    /** One way through all keys, for some searches. */
    private static final class Look {
        private final List<Search> searches;
        private final boolean shared;
        private final byte[] pattern;
        private ScanCursor cursor;

        private Look(List<Search> searches, ScanCursor cursor, boolean shared) {
            this.searches = searches;
            this.cursor = cursor;
            this.shared = shared;
            this.pattern = pattern(commonPrefix(searches));
        }

        static Look sharedBy(List<Search> searches) {
            return new Look(searches, ScanCursor.INITIAL, true);
        }

        /** Drops cancelled searches. Takes late ones out of a shared look, and returns them with looks of their own. */
        List<Look> sort() {
            searches.removeIf(search -> search.found.isCancelled());
            List<Look> alone = new ArrayList<>();
            if (shared) {
                searches.removeIf(search -> search.isLate() && alone.add(alone(search)));
            }
            return alone;
        }

        private Look alone(Search search) {
            return new Look(new ArrayList<>(List.of(search)), cursor, false);
        }

        boolean isReady() {
            return searches.stream().noneMatch(Search::isLate);
        }
    }

    private void goOn() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            Look next = stepping ? null : next();
            if (next != null) {
                stepping = true;
                scan.apply(next.cursor, next.pattern)
                        .subscribe(cursor -> onStep(next, cursor), failure -> onFailure(next, failure));
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    /** The look whose turn it is; null if there is nothing to do at the moment. */
    private @Nullable Look next() {
        List.copyOf(looks).forEach(look -> looks.addAll(look.sort()));
        looks.removeIf(look -> look.searches.isEmpty());
        if (looks.stream().noneMatch(look -> look.shared)) {
            List<Search> together = takeComing();
            if (!together.isEmpty()) {
                looks.add(Look.sharedBy(together));
            }
        }
        for (Look look : looks) {
            if (look.isReady()) {
                looks.remove(look);
                return look;
            }
        }
        return null;
    }

    private List<Search> takeComing() {
        List<Search> all = new ArrayList<>();
        for (Search search = coming.poll(); search != null; search = coming.poll()) {
            all.add(search);
        }
        all.removeIf(search -> search.found.isCancelled());
        return all;
    }

    private void onStep(Look look, KeyScanCursor<byte[]> cursor) {
        look.searches.forEach(search -> search.hand(cursor.getKeys()));
        if (cursor.isFinished()) {
            look.searches.forEach(search -> search.found.complete());
        } else {
            look.cursor = cursor;
            looks.add(look); // behind the others
        }
        stepping = false;
        goOn();
    }

    private void onFailure(Look look, Throwable failure) {
        look.searches.forEach(search -> search.found.error(failure));
        stepping = false;
        goOn();
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] commonPrefix(List<Search> searches) {
        byte[] common = searches.get(0).prefix;
        for (Search search : searches) {
            int mismatch = Arrays.mismatch(common, search.prefix);
            common = mismatch < 0 ? common : Arrays.copyOf(common, mismatch);
        }
        return common;
    }

    /** A pattern that fits what begins with these bytes. */
    static byte[] pattern(byte[] prefix) {
        ByteArrayOutputStream pattern = new ByteArrayOutputStream(prefix.length + 1);
        for (byte each : prefix) {
            if (SPECIAL.indexOf(each) >= 0) {
                pattern.write('\\');
            }
            pattern.write(each);
        }
        pattern.write('*');
        return pattern.toByteArray();
    }
}
