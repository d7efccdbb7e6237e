package dev.reactivecache.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Checks whether Redis is set to announce changes, and sets it if that is allowed. */
final class NotificationCheck {
    private static final Logger LOG = LoggerFactory.getLogger(NotificationCheck.class);
    private static final String SETTING = "notify-keyspace-events";

    private final RedisSettings settings;
    private volatile boolean hidden;

    NotificationCheck(RedisSettings settings) {
        this.settings = settings;
    }

    /**
     * Emits whether flags were missing, and have been added; errors if they may not be. A server that refuses to show
     * its settings is put to the proof.
     *
     * @param beforeAdding what to do before flags are added: other nodes need not see that they had been missing
     */
    Mono<Boolean> run(CommandLink link, Mono<Void> beforeAdding) {
        return link.<Map<String, String>>send(settings.readTimeout(), commands -> commands.configGet(SETTING))
                .map(found -> NotifyFlags.parse(found.getOrDefault(SETTING, "")))
                .onErrorResume(NotificationCheck::isRefusal, notShown -> {
                    hidden = true;
                    return Mono.just(NotifyFlags.NEEDED);
                })
                .flatMap(flags ->
                        flags.contains(NotifyFlags.NEEDED) ? Mono.just(false) : add(link, beforeAdding, flags));
    }

    private static boolean isRefusal(Throwable failure) {
        return failure.getCause() instanceof RedisCommandExecutionException;
    }

    private Mono<Boolean> add(CommandLink link, Mono<Void> beforeAdding, NotifyFlags present) {
        String wanted = present.plus(NotifyFlags.NEEDED).setting();
        return link.host()
                .flatMap(host -> settings.mayAddFlags(host)
                        ? beforeAdding.then(set(link, wanted))
                        : Mono.error(missing(
                                settings,
                                "it does not announce changes: " + SETTING + " is '" + present.setting() + "'",
                                wanted)));
    }

    private Mono<Boolean> set(CommandLink link, String wanted) {
        return link.send(settings.writeTimeout(), commands -> commands.configSet(SETTING, wanted))
                .doOnNext(ok -> LOG.info("Redis at {}: set {} to {}", settings.server(), SETTING, wanted))
                .onErrorMap(
                        NotificationCheck::isRefusal,
                        refused -> missing(settings, "it does not announce changes, and refuses to be set to", wanted))
                .thenReturn(true);
    }

    /**
     * The error for a server that did not announce a change made as a test. One that shows the right flags may be slow;
     * of one that does not show any it is enough.
     */
    RedisConfigurationException unproved() {
        String what = "it did not announce a change made to try it";
        String flags = NotifyFlags.NEEDED.setting();
        return hidden
                ? missing(
                        settings, what + ", and does not show its " + SETTING + " to us", flags, SourceVerdict.REFUSED)
                : missing(settings, what, flags, SourceVerdict.DOUBTFUL);
    }

    /** The error for a server that does not let us listen. */
    static RedisConfigurationException refused(RedisSettings settings, Throwable refusal) {
        return new RedisConfigurationException(
                settings.about("it refuses the subscription to its changes: " + refusal.getMessage()),
                "give the user the right to the channels &__keyevent@*, "
                        + settings.keys().channelRights()
                        + "; until then every answer from memory is checked first",
                refusal,
                SourceVerdict.REFUSED);
    }

    private static RedisConfigurationException missing(RedisSettings settings, String what, String wanted) {
        return missing(settings, what, wanted, SourceVerdict.REFUSED);
    }

    private static RedisConfigurationException missing(
            RedisSettings settings, String what, String wanted, SourceVerdict verdict) {
        return new RedisConfigurationException(
                settings.about(what),
                "run CONFIG SET " + SETTING + " " + wanted + " there, or set the parameter " + SETTING
                        + " of a managed service; until then every answer from memory is checked first",
                null,
                verdict);
    }
}
