package dev.reactivecache.spring.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Notes whether a handler, while it ran for one client, took something that is that client's alone, such as a session
 * or a token, or left something in that client's own response, such as a cookie. What it made then is for that client.
 */
final class ClientTraces {
    private final ServerHttpResponse real;
    private final HttpHeaders headers = new HttpHeaders();
    private final MultiValueMap<String, ResponseCookie> cookies;

    /** The first thing that was noted. */
    private volatile @Nullable String noted;

    /** Begins, for a handler that has not run yet. */
    ClientTraces(ServerHttpResponse real) {
        this.real = real;
        real.getHeaders().forEach((name, values) -> headers.addAll(name, values));
        this.cookies = new LinkedMultiValueMap<>(real.getCookies());
    }

    void note(String what) {
        if (noted == null) {
            noted = what;
        }
    }

    /** Notes it once somebody asks for the value. */
    <T> Mono<T> noting(String what, Mono<T> value) {
        return value.doOnSubscribe(subscription -> note(what));
    }

    /** Notes it once somebody asks for the values. */
    <T> Flux<T> noting(String what, Flux<T> values) {
        return values.doOnSubscribe(subscription -> note(what));
    }

    /** What tells that the response is for one client, or null. */
    @Nullable
    String found() {
        String what = noted;
        if (what != null) {
            return what;
        }
        if (!cookies.equals(real.getCookies())) {
            return "set-cookie";
        }
        HttpHeaders now = new HttpHeaders();
        real.getHeaders().forEach((name, values) -> now.addAll(name, values));
        return headers.equals(now) ? null : "client-response";
    }
}
