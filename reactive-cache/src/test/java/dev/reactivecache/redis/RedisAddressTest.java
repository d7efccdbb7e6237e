package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedisAddressTest {
    private static final String SECRET = "open-sesame";
    private static final List<String> SCHEMES =
            List.of("redis://", "rediss://", "redis-sentinel://", "redis-socket://", "http://", "");
    private static final List<String> LOGINS =
            List.of("", "user@", ":open-sesame@", "user:open-sesame@", "a:open-s@same@");
    private static final List<String> SERVERS = List.of("", "host", "host:6379", "host:nine", "[::1]:6379", "a:1,b:2");
    private static final List<String> TAILS = List.of(
            "",
            "/",
            "/0",
            "/open-sesame",
            "/0/open-sesame",
            "?password=open-sesame",
            "/0?password=open-sesame",
            "?x=1#open-sesame",
            "#open-sesame",
            "/0 open-sesame");

    @Test
    void messageNeverRepeatsWhatMayBeAPassword() {
        long seed = 20_261_130;
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            String uri = any(SCHEMES, random) + any(LOGINS, random) + any(SERVERS, random) + any(TAILS, random);
            Throwable refusal = catchThrowable(() -> RedisAddress.parse(uri));
            for (Throwable shown = refusal; shown != null; shown = shown.getCause()) {
                refused++;
                assertThat(shown.toString()).as("seed %s, %s", seed, uri).doesNotContain(SECRET, "same@", "open-s@");
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void messageStillNamesTheServer() {
        assertThat(catchThrowable(() -> RedisAddress.parse("redis://me:open-sesame@host:6379/0?timeout")))
                .isNull();
        assertThat(catchThrowable(() -> RedisAddress.parse("redis-sentinel://me:open-sesame@host:26379/0")))
                .hasMessageContaining("'redis-sentinel://***@host:26379/0'");
        assertThat(catchThrowable(() -> RedisAddress.parse("redis://host:6379/nine?password=open-sesame")))
                .hasMessageContaining("'redis://host:6379/***'");
    }

    private static String any(List<String> parts, Random random) {
        return parts.get(random.nextInt(parts.size()));
    }
}
