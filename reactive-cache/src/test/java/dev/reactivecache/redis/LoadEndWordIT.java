package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A load that leaves a key its content is no change, but who waits for it hears of its end. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class LoadEndWordIT {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Windows SERVED = new Windows(LONG, LONG, LONG);

    private final RedisServer redis;
    private final String name = RedisServer.name();
    private final Heard heard = new Heard();
    private RedisTier acting;
    private RedisTier hearing;
    private RemoteRegion region;

    LoadEndWordIT(RedisServer redis) {
        this.redis = redis;
    }

    private static final class Heard implements RegionListener {
        private final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void onChange(String key, Change change) {
            words.add(change + " " + key);
        }

        @Override
        public void onLoadEnd(String key) {
            words.add("END " + key);
        }

        @Override
        public void onGap(String reason) {}
    }

    @BeforeEach
    void open() {
        acting = ready();
        hearing = ready();
        region = acting.open(name, new ScriptsFixture.Deaf());
        hearing.open(name, heard);
    }

    private RedisTier ready() {
        RedisTier tier = Node.patient(RedisTier.builder(redis.uri()))
                .notifications(NotificationSetup.ADD_MISSING)
                .connect();
        Node.get(tier.ready());
        return tier;
    }

    @AfterEach
    void close() {
        Node.get(acting.close());
        Node.get(hearing.close());
    }

    /** The right to refresh what has just been stored, and its stamp. */
    private long[] refreshing() {
        long token = Tokens.next();
        Node.get(region.lease("k", token, LONG, RemoteState.NO_STAMP));
        NewValue value = new NewValue("v".getBytes(StandardCharsets.UTF_8), LONG, SERVED, Duration.ZERO, null);
        long stamp = Node.get(region.fill("k", token, value));
        long refresh = Tokens.next();
        assertThat(Node.get(region.refresh("k", refresh, LONG, stamp, LONG))).isEqualTo(new RemoteState.Leased(true));
        awaitWords(1); // of the fill
        heard.words.clear();
        return new long[] {refresh, stamp};
    }

    private void awaitWords(int count) {
        Await.until(count + " words", () -> heard.words.size() == count);
    }

    @Test
    void extensionIsToldAsTheEndOfALoad() {
        long[] refresh = refreshing();

        Node.get(region.extend("k", refresh[0], refresh[1], LONG, SERVED, Duration.ZERO));

        awaitWords(1);
        assertThat(heard.words).containsExactly("END k");
    }

    @Test
    void releaseAndRestAreToldAsTheEndOfALoad() {
        long[] refresh = refreshing();
        Node.get(region.release("k", refresh[0]));
        long again = Tokens.next();
        Node.get(region.refresh("k", again, LONG, refresh[1], LONG));
        Node.get(region.rest("k", again, LONG, LONG));

        awaitWords(2);
        assertThat(heard.words).containsExactly("END k", "END k");
    }

    /** Such a word is no note: it is not taken for what the next deletion means. */
    @Test
    void deletionRightAfterTheWordIsADeletion() {
        long[] refresh = refreshing();

        Node.get(region.extend("k", refresh[0], refresh[1], LONG, SERVED, Duration.ZERO));
        Node.get(region.invalidate("k"));

        awaitWords(2);
        assertThat(heard.words).containsExactly("END k", "DELETED k");
    }

    @Test
    void removalIsADeletion() {
        long[] refresh = refreshing();

        Node.get(region.remove("k", refresh[0]));

        awaitWords(1);
        assertThat(heard.words).containsExactly("DELETED k");
    }
}
