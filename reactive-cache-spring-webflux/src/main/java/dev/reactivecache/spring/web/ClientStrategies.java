package dev.reactivecache.spring.web;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * The codecs that stored responses are read with: those that were set, else those that the client's last response came
 * with, else the default ones. The default ones read a body of any size, since it is in memory already.
 */
final class ClientStrategies {
    private static final ExchangeStrategies DEFAULTS = ExchangeStrategies.builder()
            .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(-1))
            .build();

    private final @Nullable ExchangeStrategies set;
    private volatile @Nullable ExchangeStrategies learnt;

    private ClientStrategies(@Nullable ExchangeStrategies set) {
        this.set = set;
    }

    static ClientStrategies ofTheClient() {
        return new ClientStrategies(null);
    }

    static ClientStrategies of(ExchangeStrategies set) {
        return new ClientStrategies(set);
    }

    /** A response of the client came with these. */
    void learn(ExchangeStrategies ofResponse) {
        if (learnt != ofResponse) {
            learnt = ofResponse;
        }
    }

    ExchangeStrategies get() {
        ExchangeStrategies known = set != null ? set : learnt;
        return known != null ? known : DEFAULTS;
    }
}
