package dev.reactivecache.spring.web;

import org.jspecify.annotations.Nullable;

/** Makes strong entity tags. */
final class EntityTags {
    private EntityTags() {}

    /** The same for the same bytes, on every node. */
    static String of(byte[] body) {
        return '"' + Digests.shortOf(body) + '"';
    }

    /** Whether two tags name one response by the weak comparison (RFC 9110, section 8.8.3.2). */
    static boolean areAlike(@Nullable String one, @Nullable String other) {
        return one != null && other != null && opaque(one).equals(opaque(other));
    }

    /** Whether two tags name the same bytes: the strong comparison. */
    static boolean areSame(@Nullable String one, @Nullable String other) {
        return one != null && one.equals(other) && !isWeak(one);
    }

    private static boolean isWeak(String tag) {
        return tag.startsWith("W/");
    }

    private static String opaque(String tag) {
        return isWeak(tag) ? tag.substring(2) : tag;
    }
}
