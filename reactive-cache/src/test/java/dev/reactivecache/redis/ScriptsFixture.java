package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A region of its own on a real Redis, and what stands under its one key. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
abstract class ScriptsFixture {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final Duration TTL = Duration.ofMinutes(1);
    static final String[] SUBSCRIBED = {
        "del",
        "expired",
        "evicted",
        "rename_from",
        "move_from",
        "rename_to",
        "move_to",
        "copy_to",
        "restore",
        "set",
        "setbit",
        "incrby",
        "incrbyfloat"
    };

    final RedisServer redis;
    final String name = RedisServer.name();
    final String key = "rc:" + name + ":k";
    RedisTier tier;
    RemoteRegion region;

    ScriptsFixture(RedisServer redis) {
        this.redis = redis;
    }

    @BeforeEach
    void open() {
        tier = Node.patient(RedisTier.builder(redis.uri()))
                .notifications(NotificationSetup.ADD_MISSING)
                .connect();
        Node.get(tier.ready());
        region = tier.open(name, new Deaf());
    }

    /** Hears nothing. */
    static final class Deaf implements RegionListener {
        @Override
        public void onChange(String key, Change change) {}

        @Override
        public void onGap(String reason) {}
    }

    @AfterEach
    void close() {
        Node.get(tier.close());
    }

    static NewValue value(String text) {
        return new NewValue(text.getBytes(StandardCharsets.UTF_8), TTL, Duration.ofMillis(7));
    }

    static String string(RemoteState.Value value) {
        return StandardCharsets.UTF_8.decode(value.payload()).toString();
    }

    long leased() {
        long token = Tokens.next();
        assertThat(Node.get(region.lease("k", token, LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Leased.class);
        return token;
    }

    boolean fill(long token, String text) {
        return Node.get(region.fill("k", token, value(text))) != RemoteState.NO_STAMP;
    }

    long begun() {
        return begun(LEASE);
    }

    long begun(Duration quarantine) {
        long token = Tokens.next();
        Node.get(region.beginWrite("k", token, quarantine));
        return token;
    }

    void end(long token, String text) {
        Node.get(region.endWrite("k", token, value(text)));
    }

    String bytes() {
        return redis.entry(key);
    }

    void assertHolds(String text) {
        assertThat(bytes())
                .startsWith("rc2V")
                .hasSize(WireFormat.HEADER + text.length())
                .endsWith(text);
    }

    void assertAbsent() {
        assertThat(bytes()).isNull();
    }

    List<String> announcedBy(Runnable operation) {
        try (EventEar ear = EventEar.on(redis.uri(), SUBSCRIBED)) {
            operation.run();
            return ear.heardByNow().stream()
                    .filter(event -> event.endsWith(' ' + key))
                    .map(event -> event.substring(0, event.indexOf(' ')))
                    .toList();
        }
    }
}
