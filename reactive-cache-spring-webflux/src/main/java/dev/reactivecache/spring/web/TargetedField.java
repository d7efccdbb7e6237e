package dev.reactivecache.spring.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a field of directives that is for some caches only, such as {@code CDN-Cache-Control}: a dictionary of
 * structured fields (RFC 9213, section 2.1). One that cannot be read is as if it were not there.
 */
final class TargetedField {
    private static final String STRING = "\"(?:[ !#-\\[\\]-~]++|\\\\[\"\\\\]){0,50}+\"";
    private static final String ITEM =
            "(?:-?[0-9]{1,15}(?:\\.[0-9]{1,3})?|" + STRING + "|[A-Za-z*][A-Za-z0-9:/!#$%&'*+.^_`|~-]{0,200}+|\\?[01])";
    private static final String KEY = "[a-z*][a-z0-9_.*-]{0,100}+";
    private static final Pattern MEMBER = Pattern.compile(
            "[ \\t]*(" + KEY + ")(?:=(" + ITEM + "))?((?:; *" + KEY + "(?:=" + ITEM + ")?){0,20}+)[ \\t]*(,|$)");

    private TargetedField() {}

    /** Directives and their values, empty where they have none; null without the field, or if it is malformed. */
    static @Nullable Map<String, String> parse(List<String> lines) {
        String text = String.join(",", lines);
        if (text.isBlank()) {
            return null;
        }
        Map<String, String> directives = new HashMap<>();
        Matcher member = MEMBER.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!member.find(at) || member.start() != at) {
                return null;
            }
            put(directives, member.group(1), member.group(2));
            at = member.end();
            if (at == text.length() && !member.group(4).isEmpty()) {
                return null; // ends with a comma
            }
        }
        return directives;
    }

    /** Of two with one name the last counts; one that is said to be false is not there. */
    private static void put(Map<String, String> directives, String name, @Nullable String value) {
        if ("?0".equals(value)) {
            directives.remove(name);
        } else {
            directives.put(name, value == null || value.equals("?1") ? "" : value);
        }
    }
}
