package dev.reactivecache.spring.web;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientRequest;

/** Reads a request that Reactor Netty has sent. Apart, since there may be no Reactor Netty. */
final class ReactorNettyRequest {
    private ReactorNettyRequest() {}

    static boolean is(Object request) {
        return request instanceof HttpClientRequest;
    }

    /** All fields that were sent, with those of the {@code HttpClient} and its cookies, without its usual ones. */
    static HttpHeaders fields(Object request, HttpHeaders given) {
        HttpHeaders fields = new HttpHeaders();
        ((HttpClientRequest) request).requestHeaders().forEach(field -> fields.add(field.getKey(), field.getValue()));
        fields.headerNames().stream()
                .filter(name -> !given.containsHeader(name) && isUsual(name, fields.getFirst(name)))
                .toList()
                .forEach(fields::remove);
        return fields;
    }

    /** What it adds where nothing was said, and what says nothing about who asks. */
    private static boolean isUsual(String name, @Nullable String value) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "accept" -> "*/*".equals(value);
            case "user-agent" -> value != null && value.startsWith("ReactorNetty/");
            case "accept-encoding" -> true; // it decodes what it asks for
            default -> false;
        };
    }

    /** Why the response must not answer others, or null. */
    static @Nullable String refusal(Object request) {
        if (((HttpClientRequest) request).redirectedFrom().length > 0) {
            return "redirected";
        }
        return request instanceof Connection connection && hasClientCertificate(connection) ? "credentials" : null;
    }

    private static boolean hasClientCertificate(Connection connection) {
        for (Channel channel = connection.channel(); channel != null; channel = channel.parent()) {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null) {
                return tls.engine().getSession().getLocalCertificates() != null;
            }
        }
        return false;
    }
}
