package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisURI;
import java.util.regex.Pattern;

/** Reads a Redis URI, with messages that do not repeat its password. */
final class RedisAddress {
    /** A name or an address. A colon outside of brackets is left where a port, or a password, was not understood. */
    private static final Pattern HOST = Pattern.compile("[^:@\\[\\]\\s]+|\\[[0-9A-Fa-f:.]+(%[^\\]\\s]+)?]");

    private static final Pattern PORT = Pattern.compile("^([^:]+):\\d{1,5}([/?].*)?$");

    private RedisAddress() {}

    static RedisURI parse(String uri) {
        requireNonNull(uri, "Redis URI");
        if (!uri.startsWith("redis://") && !uri.startsWith("rediss://")) {
            throw invalid(uri, "it must start with redis:// or rediss://");
        }
        RedisURI parsed;
        try {
            parsed = RedisURI.create(uri);
        } catch (RuntimeException e) { // its message repeats the URI
            throw invalid(uri, "it must have the form redis://[[user]:password@]host[:port][/database]");
        }
        if (parsed.getHost() == null || !HOST.matcher(parsed.getHost()).matches()) {
            throw invalid(uri, "it names no host, or a port that is no number");
        }
        return parsed;
    }

    private static IllegalArgumentException invalid(String uri, String rule) {
        return new IllegalArgumentException("Redis URI '" + withoutCredentials(uri) + "' is not valid: " + rule);
    }

    /** The URI without all that could be a password; also where it stands in the wrong place. */
    static String withoutCredentials(String uri) {
        int at = uri.lastIndexOf('@');
        int slashes = uri.indexOf("://");
        String scheme = slashes < 0 || (at >= 0 && slashes > at) ? "" : uri.substring(0, slashes + 3);
        String rest = at < 0 ? uri.substring(scheme.length()) : uri.substring(at + 1);
        int colon = rest.indexOf(':');
        String server = colon < 0 || PORT.matcher(rest).matches() ? rest : rest.substring(0, colon) + ":***";
        return scheme + (at < 0 ? "" : "***@") + server;
    }
}
