package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What each script announces to every node. */
class AnnouncementsIT extends ScriptsFixture {
    AnnouncementsIT(RedisServer redis) {
        super(redis);
    }

    @Test
    void invalidationIsAnnouncedOnceAlsoOfAnAbsentKey() {
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
        fill(leased(), "v");
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
        leased();
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
        begun();
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
    }

    @Test
    void beginningAndEndOfAWriteAreAnnouncedOnceEach() {
        long[] token = new long[1];
        assertThat(announcedBy(() -> token[0] = begun())).containsExactly("del");
        assertThat(announcedBy(() -> end(token[0], "v"))).containsExactly("del");
        assertHolds("v");
        assertThat(announcedBy(() -> token[0] = begun())).containsExactly("del");
        long other = begun();
        assertThat(announcedBy(() -> end(token[0], "v"))).containsExactly("del");
        assertThat(announcedBy(() -> end(other, "v"))).containsExactly("del");
    }

    @Test
    void putIsAnnouncedOnce() {
        assertThat(announcedBy(() -> Node.get(region.put("k", value("v"))))).containsExactly("del");
        assertThat(announcedBy(() -> Node.get(region.put("k", value("w"))))).containsExactly("del");
    }

    @Test
    void leaseIsNotAnnouncedAndAFillIsAnnouncedOnce() {
        long[] token = new long[1];
        assertThat(announcedBy(() -> token[0] = leased())).isEmpty();
        assertThat(announcedBy(() -> assertThat(fill(token[0], "v")).isTrue())).containsExactly("del");
    }

    @Test
    void replacementOfAValueIsAnnounced() {
        long stamp = Node.get(region.fill("k", leased(), value("v")));
        long token = Tokens.next();

        assertThat(announcedBy(() -> Node.get(region.lease("k", token, LEASE, stamp))))
                .isEmpty();
        assertThat(announcedBy(() -> fill(token, "w"))).containsExactly("del");
    }

    @Test
    void invalidationOfAKeyWhoseTimeHasEndedIsAnnounced() {
        // DEL of such a key is answered with 0 and tells only that it expired
        assertThat(announcedBy(() -> {
                    Node.get(region.put(
                            "k",
                            new NewValue("v".getBytes(StandardCharsets.UTF_8), Duration.ofMillis(1), Duration.ZERO)));
                    Node.get(region.invalidate("k"));
                }))
                .filteredOn("del"::equals)
                .hasSize(2);
    }
}
