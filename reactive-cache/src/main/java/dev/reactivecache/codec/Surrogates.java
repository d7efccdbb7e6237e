package dev.reactivecache.codec;

/** Finds what UTF-8 cannot spell: half of a surrogate pair. */
final class Surrogates {
    private Surrogates() {}

    /** Where the first half without its other half is, or -1. */
    static int indexOfHalf(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && isHalf(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isHalf(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                ? index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1))
                : index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
    }
}
