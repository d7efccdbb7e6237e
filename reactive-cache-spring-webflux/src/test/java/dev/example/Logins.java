package dev.example;

import dev.reactivecache.spring.cache.ReactiveCacheable;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A value that says itself how long it lives. */
class Logins {
    private final Login login;

    Logins(Login login) {
        this.login = login;
    }

    interface Login {
        Mono<Token> token(String user);
    }

    record Token(String tenant, Duration validFor) {}

    @ReactiveCacheable(cache = "tokens", key = "#user", tags = "'tenant:' + #result.tenant", ttl = "#result.validFor")
    Mono<Token> token(String user) {
        return login.token(user);
    }
}
