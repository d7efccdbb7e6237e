package dev.reactivecache.spring.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * A request as it was sent: after all filters of the client, and with what the connector has added. It is seen when it
 * is written to the connection, and looked at when its response is there.
 */
final class SentRequest {
    private static final boolean REACTOR_NETTY =
            ClassUtils.isPresent("reactor.netty.http.client.HttpClientRequest", SentRequest.class.getClassLoader());

    private volatile @Nullable Seen seen;

    /**
     * What the connector was given, with a copy of the fields, since some connectors show their own once they have
     * sent.
     */
    private record Seen(ClientHttpRequest request, HttpHeaders given) {
        static Seen now(ClientHttpRequest request) {
            HttpHeaders given = new HttpHeaders();
            request.getHeaders().forEach((name, values) -> given.addAll(name, values));
            return new Seen(request, given);
        }

        /** What the connector has sent, where that can be seen, else what it was given. */
        HttpHeaders fields() {
            Object connectors = request.getNativeRequest();
            return isReactorNettys(connectors) ? ReactorNettyRequest.fields(connectors, given) : given;
        }

        @Nullable
        String refusalOfConnector() {
            Object connectors = request.getNativeRequest();
            return isReactorNettys(connectors) ? ReactorNettyRequest.refusal(connectors) : "unknown-connector";
        }
    }

    /** The same request, seen when it is sent. */
    ClientRequest seenIn(ClientRequest request) {
        return ClientRequest.from(request)
                .httpRequest(sending -> seen = Seen.now(sending))
                .build();
    }

    /** As it decides what becomes of the response. */
    Asked asked() {
        Seen sent = seen;
        return sent == null ? new Asked(HttpHeaders.EMPTY, true) : Asked.by(sent.fields());
    }

    /** Why the response to it must not answer others who ask for the same; null if it may. */
    @Nullable
    String refusal(ClientRequest asked, String key, HttpHeaders response, CallRules rules) {
        Seen sent = seen;
        if (sent == null) {
            return "unknown-request";
        }
        HttpMethod method = sent.request().getMethod();
        HttpHeaders fields = sent.fields();
        String personal = rules.policy()
                .bypass(method, fields, sent.request().getCookies().keySet());
        if (personal != null) {
            return personal;
        }
        String ofConnector = rules.connectorIsPlain() ? null : sent.refusalOfConnector();
        if (ofConnector != null) {
            return ofConnector;
        }
        boolean same = asked.method().equals(method)
                && rules.keys().of(sent.request().getURI(), fields).equals(key)
                && isSameVariant(rules.policy().variants(), response, asked.headers(), fields);
        return same ? null : "changed-request";
    }

    private static boolean isSameVariant(
            Variants variants, HttpHeaders response, HttpHeaders asked, HttpHeaders fields) {
        return variants.of(response, asked).equals(variants.of(response, fields));
    }

    private static boolean isReactorNettys(Object request) {
        return REACTOR_NETTY && ReactorNettyRequest.is(request);
    }
}
