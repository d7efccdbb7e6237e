package dev.reactivecache.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What a server says of itself. What it hides from this user is taken to be as it should be. */
record ServerInfo(Map<String, String> fields) {
    private static final Pattern FIRST_NUMBER = Pattern.compile("[0-9]{1,9}(?![0-9])");

    /** Asks for one section of {@code INFO}. */
    static Mono<ServerInfo> ask(RedisClusterReactiveCommands<byte[], byte[]> commands, String section) {
        return commands.info(section)
                .onErrorResume(ServerInfo::isForbidden, notTold -> Mono.just(""))
                .map(ServerInfo::parse);
    }

    /** Whether this user may not ask, or the server knows the command by another name. */
    static boolean isForbidden(@Nullable Throwable failure) {
        String message = String.valueOf(failure == null ? null : failure.getMessage());
        return failure instanceof RedisCommandExecutionException
                && (message.startsWith("NOPERM") || message.startsWith("ERR unknown command"));
    }

    static ServerInfo parse(String info) {
        return new ServerInfo(info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, again) -> first)));
    }

    /** The version, or null if it is hidden. */
    @Nullable
    String version() {
        return fields.get("redis_version");
    }

    /** The first number of the version; the highest there is if it is hidden. */
    int majorVersion() {
        String version = version();
        if (version == null) {
            return Integer.MAX_VALUE;
        }
        Matcher number = FIRST_NUMBER.matcher(version);
        return number.lookingAt() ? Integer.parseInt(number.group()) : Integer.MAX_VALUE;
    }

    /** Whether it follows another server, and may lag behind it. */
    boolean isReplica() {
        return "slave".equals(fields.get("role"));
    }

    /** Whether it runs in the given mode, as far as it says: standalone, cluster or sentinel. */
    boolean mayRunAs(String mode) {
        return fields.getOrDefault("redis_mode", mode).equals(mode);
    }
}
