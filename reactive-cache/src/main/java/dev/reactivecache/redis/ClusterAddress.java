package dev.reactivecache.redis;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the URI of a cluster: some of its nodes, with our credentials. */
final class ClusterAddress {
    private static final String WANTED = "redis-cluster://[[user]:password@]host[:port][,host[:port]...]";
    private static final Pattern FORM = Pattern.compile("redis(?<tls>s?)-cluster://"
            + "(?<login>" + RedisAddress.CREDENTIALS + ")"
            + "(?<hosts>" + RedisAddress.HOSTS + ")"
            + "/?(?<database>\\d*)"
            + "(?<query>(?:\\?[^#\\s]*)?)");

    private ClusterAddress() {}

    static boolean isOne(String uri) {
        return uri.startsWith("redis-cluster://") || uri.startsWith("rediss-cluster://");
    }

    /** One URI for each node that is named. */
    static List<RedisURI> parse(String uri) {
        Matcher form = FORM.matcher(uri);
        if (!form.matches()) {
            throw RedisAddress.malformed(uri, WANTED);
        }
        if (!form.group("database").matches("0*")) {
            throw RedisAddress.invalid(uri, "a cluster has no database but 0");
        }
        String scheme = "redis" + form.group("tls") + "://" + form.group("login");
        try {
            return Stream.of(form.group("hosts").split(","))
                    .map(host -> RedisAddress.parse(scheme + host + form.group("query")))
                    .toList();
        } catch (RuntimeException e) {
            throw RedisAddress.malformed(uri, WANTED);
        }
    }

    /** The nodes, for messages: without user and password. */
    static String text(List<RedisURI> nodes) {
        return nodes.stream().map(node -> node.getHost() + ':' + node.getPort()).collect(Collectors.joining(","));
    }
}
