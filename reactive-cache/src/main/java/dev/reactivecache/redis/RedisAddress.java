package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisURI;

/** Reads a Redis URI, with messages that do not repeat its password. */
final class RedisAddress {
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
        if (parsed.getHost() == null || parsed.getHost().isEmpty()) {
            throw invalid(uri, "it names no host");
        }
        return parsed;
    }

    private static IllegalArgumentException invalid(String uri, String rule) {
        return new IllegalArgumentException("Redis URI '" + withoutCredentials(uri) + "' is not valid: " + rule);
    }

    static String withoutCredentials(String uri) {
        int at = uri.lastIndexOf('@');
        int slashes = uri.indexOf("://");
        return at < 0
                ? uri
                : (slashes < 0 || slashes > at ? "" : uri.substring(0, slashes + 3)) + "***" + uri.substring(at);
    }
}
