package dev.reactivecache.redis;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The numbers of one cache's generations: a sorted set under one key, so that one script reads or raises them together.
 * That they were raised is announced by deleting another key, which has the tag in its name.
 */
final class RedisGenerations {
    private static final int INCARNATION_BITS = 52; // a score is exact up to 2^53

    private final Masters masters;
    private final String cache;
    private final RedisSettings settings;
    private final byte[] name;

    RedisGenerations(String cache, Masters masters, RedisSettings settings) {
        this.cache = cache;
        this.masters = masters;
        this.settings = settings;
        this.name = settings.keys().generationsKey(cache);
    }

    byte[] name() {
        return name;
    }

    /** Within the read timeout, since reads wait for it. */
    Mono<Generation> read(Collection<String> tags) {
        return Mono.defer(() -> {
            List<String> asked = List.copyOf(tags);
            byte[][] args = new byte[asked.size() + 1][];
            args[0] = incarnation();
            for (int i = 0; i < asked.size(); i++) {
                args[i + 1] = ascii(asked.get(i));
            }
            return masters.<byte[]>run(settings.readTimeout(), Script.GENERATION, ScriptOutputType.VALUE, name, args)
                    .map(reply -> parse(new String(reply, StandardCharsets.US_ASCII), asked));
        });
    }

    /** @throws RemoteTierException if the reply is not what the script answers */
    static Generation parse(String reply, List<String> asked) {
        String[] numbers = reply.split(" ", -1);
        Map<String, Long> ended = new HashMap<>();
        try {
            for (int i = 0; i < asked.size(); i++) {
                ended.put(asked.get(i), Long.parseLong(numbers[i + 3]));
            }
            return new Generation(
                    Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]), ended);
        } catch (NumberFormatException | IndexOutOfBoundsException malformed) {
            throw new RemoteTierException("the numbers of generations are not readable: " + reply, malformed);
        }
    }

    /** Two steps, so that each touches one key. A caller that dies between them had no acknowledgement. */
    Mono<Void> end(@Nullable String tag) {
        return Mono.defer(() -> masters.run(
                        settings.writeTimeout(),
                        Script.END_GENERATION,
                        ScriptOutputType.INTEGER,
                        name,
                        incarnation(),
                        ascii(tag == null ? "*" : "#" + tag)))
                .then(masters.run(
                        settings.writeTimeout(),
                        Script.INVALIDATE,
                        ScriptOutputType.INTEGER,
                        settings.keys().endedKey(cache, tag)))
                .then();
    }

    private static byte[] incarnation() {
        return ascii(Long.toString(1 | (Tokens.next() >>> (Long.SIZE - INCARNATION_BITS))));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
