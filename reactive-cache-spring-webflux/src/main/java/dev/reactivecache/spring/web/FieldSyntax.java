package dev.reactivecache.spring.web;

/** Of which characters header fields are made (RFC 9110, sections 5.5 and 5.6.2). */
final class FieldSyntax {
    private static final String MARKS_OF_TOKENS = "!#$%&'*+-.^_`|~";

    private FieldSyntax() {}

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(FieldSyntax::isOfToken);
    }

    static boolean isOfToken(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || MARKS_OF_TOKENS.indexOf(c) >= 0;
    }

    /** Also what is no ASCII; no control character but a tab, and no space before it. */
    static boolean isValue(String text) {
        boolean padded = text.startsWith(" ") || text.startsWith("\t");
        return !padded && text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    }
}
