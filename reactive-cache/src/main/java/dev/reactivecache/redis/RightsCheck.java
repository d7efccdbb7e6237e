package dev.reactivecache.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;

/** Looks whether the user may do what reads and changes need, before the first of them fails. */
final class RightsCheck {
    private RightsCheck() {}

    /** Errors with a {@link RedisConfigurationException} that names all commands that are missing. */
    static Mono<Void> run(CommandLink link, RedisSettings settings) {
        return Mono.defer(() -> {
            byte[] key = link.keys().probe();
            return link.send(
                            settings.readTimeout(),
                            commands -> commands.mget(key).then())
                    .then(link.<byte[]>run(settings.readTimeout(), Script.RIGHTS, ScriptOutputType.VALUE, key))
                    .map(missing -> new String(missing, StandardCharsets.US_ASCII))
                    .filter(missing -> !missing.isEmpty())
                    .flatMap(missing -> Mono.error(RedisFailures.missingRights(
                            "the user may not do all that is needed: missing are " + missing, null, settings::about)));
        });
    }
}
