package dev.reactivecache.codec;

/** Names keys in messages. */
final class KeyNames {
    private KeyNames() {}

    /** "key" and its text, or "a" and its class if its {@code toString} throws. */
    static String of(Object key) {
        try {
            return "key " + key;
        } catch (Throwable thrown) { // code of users; the failure that the message is about counts more
            return "a " + key.getClass().getSimpleName();
        }
    }
}
