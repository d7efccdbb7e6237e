package dev.reactivecache.spring.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Stands for bytes by a short text. */
final class Digests {
    private static final int LENGTH = 27;

    private Digests() {}

    /** The same for the same bytes, on every node; of letters, digits, {@code -} and {@code _}. */
    static String shortOf(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
