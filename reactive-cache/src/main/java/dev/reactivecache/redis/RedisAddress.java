package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisURI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a Redis URI, with messages that do not repeat its password. */
final class RedisAddress {
    private static final Pattern FORM = Pattern.compile("rediss?://"
            + "(?:[^@/?#\\s]*@)?" // user and password
            + "(?:(?<host>[^:@/?#\\[\\]\\s]+)|(?<address>\\[[0-9A-Fa-f:.]+(?:%[^]\\s]+)?]))"
            + "(?::(?<port>\\d{1,5}))?"
            + "(?:/\\d*)?" // database
            + "(?:\\?[^#\\s]*)?");

    private static final Pattern PORT = Pattern.compile("^([^:]+):\\d{1,5}([/?].*)?$");

    private RedisAddress() {}

    static RedisURI parse(String uri) {
        requireNonNull(uri, "Redis URI");
        if (uri.startsWith("redis-sentinel://") || uri.startsWith("redis-socket://")) {
            throw invalid(uri, "Sentinel and sockets are not supported yet; give the address of a standalone Redis");
        }
        if (!uri.startsWith("redis://") && !uri.startsWith("rediss://")) {
            throw invalid(uri, "it must start with redis:// or rediss://");
        }
        Matcher form = FORM.matcher(uri);
        if (!form.matches()) {
            throw malformed(uri);
        }
        try {
            RedisURI parsed = RedisURI.create(uri);
            String host = form.group("host");
            String port = form.group("port");
            if (host != null) { // one with an underscore is not split from its port
                parsed.setHost(host);
            }
            if (port != null) {
                parsed.setPort(Integer.parseInt(port));
            }
            return parsed;
        } catch (RuntimeException e) { // its message repeats the URI
            throw malformed(uri);
        }
    }

    private static IllegalArgumentException malformed(String uri) {
        return invalid(
                uri,
                "it must have the form redis://[[user]:password@]host[:port][/database], with the characters"
                        + " : @ / ? # % of a user or password percent-encoded");
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
