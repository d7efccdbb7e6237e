package dev.reactivecache.redis;

import dev.reactivecache.internal.time.TimeSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** The way from other test packages to a {@link RedisTier} whose client, and whose time, are simulated. */
public final class SimulatedTier {
    private static final Map<String, String> NAMES = Arrays.stream(Script.values())
            .collect(Collectors.toMap(
                    Script::digest,
                    script -> script.name().toLowerCase(Locale.ROOT).replace('_', '-')));

    private static final KeyLayout LAYOUT = new KeyLayout("");

    private SimulatedTier() {}

    /** Begins to connect. */
    public static RedisTier connect(
            RedisClient client,
            Scheduler scheduler,
            Duration readTimeout,
            Duration writeTimeout,
            Duration stalenessBound,
            NotificationSetup setup) {
        return RedisTier.builder(client, RedisURI.create("redis://redis.simulated:6379"))
                .readTimeout(readTimeout)
                .writeTimeout(writeTimeout)
                .stalenessBound(stalenessBound)
                .notifications(setup)
                .changes(ChangeSource.EVENTS)
                .simulated(TimeSource.of(scheduler))
                .connect();
    }

    /** The name of the script with this digest. */
    public static String scriptName(String digest) {
        return NAMES.getOrDefault(digest, "another script");
    }

    /** A key of a cache, as it is spelt in Redis. */
    public static String key(String cache, String key) {
        return new String(LAYOUT.entryKey(cache, key), StandardCharsets.ISO_8859_1);
    }

    /** The key whose deletion tells that the generations of a tag have ended, or of the whole cache, if null. */
    public static String endedKey(String cache, @Nullable String tag) {
        return new String(LAYOUT.endedKey(cache, tag), StandardCharsets.ISO_8859_1);
    }

    /** The same, by the key of the cache's numbers, and the member that was raised. */
    public static String endedKeyOf(String generationsKey, String member) {
        String cache = generationsKey.substring(generationsKey("").length());
        return endedKey(cache, member.equals("*") ? null : member.substring(1));
    }

    /** The key of the numbers of a cache's generations. */
    public static String generationsKey(String cache) {
        return new String(LAYOUT.generationsKey(cache), StandardCharsets.ISO_8859_1);
    }

    /** The digest of a script's text. */
    public static Function<byte[], String> digests() {
        Map<String, String> known = Arrays.stream(Script.values())
                .collect(Collectors.toMap(
                        script -> new String(script.source(), StandardCharsets.ISO_8859_1), Script::digest));
        return source -> known.get(new String(source, StandardCharsets.ISO_8859_1));
    }
}
