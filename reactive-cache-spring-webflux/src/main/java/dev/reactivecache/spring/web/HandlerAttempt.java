package dev.reactivecache.spring.web;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.spring.web.ResponseStore.Storable;
import dev.reactivecache.spring.web.StoragePolicy.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A handler's work on one response: what it writes is judged when its head is complete, and when it has ended. With a
 * validation it may say that the stored response is good still, by a 304.
 */
final class HandlerAttempt implements CapturingResponse.Writing {
    private final HandlerRun run;
    private final ServerWebExchange exchange;
    private final Asked asked;
    private final RunRules rules;
    private final ClientTraces traces;
    private final @Nullable Validation validation;
    private final Instant began;
    private final CapturingResponse response;
    private final CapturingExchange capturing;
    private volatile boolean speaksOfAnother;

    HandlerAttempt(
            HandlerRun run,
            ServerWebExchange exchange,
            Asked asked,
            RunRules rules,
            ClientTraces traces,
            @Nullable Validation validation,
            Instant began) {
        this.run = run;
        this.exchange = exchange;
        this.asked = asked;
        this.rules = rules;
        this.traces = traces;
        this.validation = validation;
        this.began = began;
        this.response = new CapturingResponse(exchange.getResponse(), this, traces);
        this.capturing = new CapturingExchange(exchange, response, traces, validation);
    }

    /** Runs the handler to its end. */
    Mono<Void> run(WebFilterChain chain) {
        return chain.filter(capturing)
                .then(Mono.defer(response::complete))
                .then(Mono.defer(this::end))
                .contextWrite(capturing::in)
                .then(Mono.defer(() -> speaksOfAnother ? run.anew() : Mono.empty()));
    }

    private Arrival arrival() {
        return new Arrival(
                statusCode(),
                response.getHeaders(),
                !response.getCookies().isEmpty(),
                began,
                rules.clock().instant());
    }

    private Verdict judge(Arrival arrival) {
        try {
            boolean inherits = !response.getHeaders().containsHeader(HttpHeaders.CACHE_CONTROL);
            if (inherits && rules.policy().forbidsStoring(exchange.getResponse().getHeaders())) {
                return Verdict.refused("no-store");
            }
            return rules.policy().judge(asked, arrival);
        } catch (RuntimeException unexpected) {
            return Verdict.refused(rules.failures().note(unexpected));
        }
    }

    private int statusCode() {
        HttpStatusCode code = response.getStatusCode();
        HttpStatusCode before = exchange.getResponse().getStatusCode();
        return code != null ? code.value() : before != null ? before.value() : 200;
    }

    @Override
    public Mono<Void> whole(Publisher<? extends DataBuffer> body) {
        if (isNotModified()) {
            return BodyCapture.discard(Flux.from(body)).then(Mono.defer(this::onNotModified));
        }
        Verdict verdict = judge(arrival());
        if (verdict.refusal() != null) {
            return run.pass(PassedHead.of(response), verdict.refusal(), real -> real.writeWith(body), Flux.empty());
        }
        return BodyCapture.of(
                body,
                rules.options().maximumBody(),
                bytes -> keep(bytes, verdict.freshness()),
                rest -> run.pass(PassedHead.of(response), "size", real -> real.writeWith(rest), rest));
    }

    @Override
    public Mono<Void> streaming(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return isNotModified()
                ? onNotModified()
                : run.pass(PassedHead.of(response), "stream", real -> real.writeAndFlushWith(body), Flux.empty());
    }

    private Mono<Void> end() {
        Mono<Void> written = run.isDecided() || speaksOfAnother ? Mono.empty() : withoutBody();
        return written.then(Mono.defer(this::passIfPersonal));
    }

    /** The handler ended without writing anything. */
    private Mono<Void> withoutBody() {
        if (isNotModified()) {
            return onNotModified();
        }
        Verdict verdict = judge(arrival());
        return verdict.refusal() == null
                ? keep(new byte[0], verdict.freshness())
                : run.passWhole(PassedHead.of(response), verdict.refusal(), new byte[0]);
    }

    /** What the handler touched while it ran is known only when it has ended. */
    private Mono<Void> passIfPersonal() {
        Storable kept = run.kept();
        String trace = kept == null ? null : traces.found();
        return kept == null || trace == null ? Mono.empty() : passKept(kept.response(), trace);
    }

    private Mono<Void> passKept(StoredResponse kept, String trace) {
        return isNotModified()
                ? run.passWhole(headOf(kept), trace, kept.body())
                : run.passWhole(PassedHead.of(response), trace, kept.body());
    }

    private Mono<Void> keep(byte[] body, Freshness freshness) {
        HttpHeaders own = response.getHeaders();
        String refusal;
        try {
            HttpHeaders headers = rules.policy().stored(own);
            refusal = rules.policy().refuses(own, headers, body.length);
            if (refusal == null) {
                if (headers.getETag() == null) {
                    headers.setETag(EntityTags.of(body));
                }
                StoredResponse made = new StoredResponse(statusCode(), headers, body, freshness)
                        .forVariant(rules.policy()
                                .variants()
                                .of(headers, exchange.getRequest().getHeaders()))
                        .withCookies(cookies());
                run.keep(new Storable(made, entry(own)));
                return Mono.empty();
            }
        } catch (RuntimeException unexpected) {
            refusal = rules.failures().note(unexpected);
        }
        return run.passWhole(PassedHead.of(response), refusal, body);
    }

    private EntryOptions entry(HttpHeaders headers) {
        return rules.entry(headers, capturing);
    }

    private HttpHeaders cookies() {
        HttpHeaders all = new HttpHeaders();
        all.putAll(rules.policy().storedCookies(response.getHeaders()));
        if (rules.options().sharesSetCookie()) {
            response.getCookies()
                    .values()
                    .forEach(each -> each.forEach(cookie -> all.add(HttpHeaders.SET_COOKIE, cookie.toString())));
        }
        return all;
    }

    private boolean isNotModified() {
        return validation != null && statusCode() == HttpStatus.NOT_MODIFIED.value();
    }

    private Mono<Void> onNotModified() {
        Validation asking = validation;
        if (asking == null || !asking.isAbout(response.getHeaders())) {
            speaksOfAnother = true;
            return Mono.empty();
        }
        Arrival freshened = asking.freshened(arrival(), rules.policy());
        Verdict verdict = judge(freshened);
        StoredResponse fresh = asking.stored(freshened, verdict.freshness(), rules.policy());
        String refusal = verdict.refusal();
        if (refusal == null) {
            try {
                run.keep(new Storable(fresh, entry(freshened.headers())));
                return Mono.empty();
            } catch (RuntimeException unexpected) {
                refusal = rules.failures().note(unexpected);
            }
        }
        return run.passWhole(headOf(fresh), refusal, fresh.body());
    }

    /** Of the stored response, with what the handler has set for this client now. */
    private PassedHead headOf(StoredResponse stored) {
        HttpHeaders headers = new HttpHeaders();
        headers.putAll(stored.headers());
        StoredFields.settingCookies(response.getHeaders()).forEach(headers::put);
        return new PassedHead(
                HttpStatusCode.valueOf(stored.status()),
                headers,
                new LinkedMultiValueMap<>(CollectionUtils.unmodifiableMultiValueMap(response.getCookies())));
    }
}
