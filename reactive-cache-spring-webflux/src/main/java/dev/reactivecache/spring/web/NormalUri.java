package dev.reactivecache.spring.web;

import java.net.URI;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One spelling for all that name the same (RFC 9110, section 4.2.3): for what is to be dropped, of which too much does
 * no harm.
 */
final class NormalUri {
    private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");

    private NormalUri() {}

    /** Without dot segments, default port, user and fragment; with a path; encoded as little as can be. */
    static URI of(URI uri) {
        String path = leastEncoded(uri.getRawPath());
        String plain = server(uri) + (path == null || path.isEmpty() ? "/" : path);
        String query = leastEncoded(uri.getRawQuery());
        try {
            return URI.create(query == null ? plain : plain + '?' + query).normalize();
        } catch (IllegalArgumentException unusual) {
            return uri;
        }
    }

    /** Whether both are of one server. */
    static boolean areOfOneServer(URI one, URI other) {
        return server(one).equals(server(other));
    }

    /** Nothing where none is named. */
    private static String server(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT) + ':';
        if (uri.getHost() == null) {
            return uri.getRawAuthority() == null ? scheme : scheme + "//" + uri.getRawAuthority();
        }
        int port = uri.getPort();
        boolean usual = port < 0 || port == (scheme.equals("https:") ? 443 : 80);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return scheme + "//" + (usual ? host : host + ':' + port);
    }

    private static @Nullable String leastEncoded(@Nullable String raw) {
        return raw == null || raw.indexOf('%') < 0 ? raw : ENCODED.matcher(raw).replaceAll(NormalUri::leastEncoded);
    }

    private static String leastEncoded(MatchResult encoded) {
        char c = (char) Integer.parseInt(encoded.group().substring(1), 16);
        boolean unreserved = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == '~');
        return unreserved ? String.valueOf(c) : encoded.group().toUpperCase(Locale.ROOT);
    }
}
