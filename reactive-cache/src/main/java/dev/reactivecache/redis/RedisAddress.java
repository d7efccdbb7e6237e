package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisURI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the URI of one Redis, given or named by Sentinels, with messages that do not repeat its password. */
final class RedisAddress {
    static final String CREDENTIALS = "(?:[^@/?#\\s]*@)?";
    static final String HOST = "(?:[^:,@/?#\\[\\]\\s]+|\\[[0-9A-Fa-f:.]+(?:%[^]\\s]+)?])";
    static final String HOSTS = HOST + "(?::\\d{1,5})?(?:," + HOST + "(?::\\d{1,5})?)*";

    private static final Pattern SINGLE = Pattern.compile("rediss?://" + CREDENTIALS
            + "(?:(?<host>[^:,@/?#\\[\\]\\s]+)|" + HOST + ")"
            + "(?::(?<port>\\d{1,5}))?"
            + "(?:/\\d*)?" // database
            + "(?:\\?[^#\\s]*)?");

    private static final Pattern SENTINELS = Pattern.compile("rediss?-sentinel://" + CREDENTIALS + HOSTS
            + "(?:/\\d*)?" // database
            + "(?:\\?[^#\\s]*)?"
            + "(?:#[^\\s]*)?"); // the master's name

    private static final Pattern PORTS = Pattern.compile("^[^:,]+:\\d{1,5}(,[^:,]+:\\d{1,5})*([/?#].*)?$");

    private RedisAddress() {}

    static RedisURI parse(String uri) {
        requireNonNull(uri, "Redis URI");
        if (uri.startsWith("redis-sentinel://") || uri.startsWith("rediss-sentinel://")) {
            return sentinels(uri);
        }
        if (uri.startsWith("redis-socket://")) {
            throw invalid(uri, "sockets are not supported; give the address of a Redis");
        }
        if (!uri.startsWith("redis://") && !uri.startsWith("rediss://")) {
            throw invalid(
                    uri, "it must start with redis:// or rediss://, or with redis-sentinel:// or redis-cluster://");
        }
        return single(uri);
    }

    private static RedisURI single(String uri) {
        Matcher form = SINGLE.matcher(uri);
        if (!form.matches()) {
            throw malformed(uri, "redis://[[user]:password@]host[:port][/database]");
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
            throw malformed(uri, "redis://[[user]:password@]host[:port][/database]");
        }
    }

    private static RedisURI sentinels(String uri) {
        String wanted =
                "redis-sentinel://[[user]:password@]host[:port][,host[:port]...][/database]?sentinelMasterId=name";
        if (!SENTINELS.matcher(uri).matches()) {
            throw malformed(uri, wanted);
        }
        if (!uri.matches("[^?#]*(\\?.*(?i:sentinelMasterId)=[^&;#]+.*|[^#]*#.+)")) {
            throw invalid(
                    uri,
                    "the name that the Sentinels know the master by is missing: end it with"
                            + " ?sentinelMasterId=name");
        }
        try {
            return RedisURI.create(uri);
        } catch (RuntimeException e) { // its message repeats the URI
            throw malformed(uri, wanted);
        }
    }

    static IllegalArgumentException malformed(String uri, String form) {
        return invalid(
                uri,
                "it must have the form " + form
                        + ", with the characters : @ / ? # % of a user or password percent-encoded");
    }

    static IllegalArgumentException invalid(String uri, String rule) {
        return new IllegalArgumentException("Redis URI '" + withoutCredentials(uri) + "' is not valid: " + rule);
    }

    /** The URI without all that could be a password; also where it stands in the wrong place. */
    static String withoutCredentials(String uri) {
        int at = uri.lastIndexOf('@');
        int slashes = uri.indexOf("://");
        String scheme = slashes < 0 || (at >= 0 && slashes > at) ? "" : uri.substring(0, slashes + 3);
        String rest = at < 0 ? uri.substring(scheme.length()) : uri.substring(at + 1);
        int colon = rest.indexOf(':');
        String server = colon < 0 || PORTS.matcher(rest).matches() ? rest : rest.substring(0, colon) + ":***";
        return scheme + (at < 0 ? "" : "***@") + withoutTail(server);
    }

    /** After the server a number is the database; all else may be a password. */
    private static String withoutTail(String server) {
        String hosts = server.split("[/?#]", 2)[0];
        String tail = server.substring(hosts.length());
        return tail.matches("/?\\d*") ? server : hosts + tail.charAt(0) + "***";
    }
}
