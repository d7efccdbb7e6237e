package dev.reactivecache.internal.policy;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for names of tags, and for how many an entry has. */
public final class Tags {
    private static final int MOST = 16;
    private static final String RULE = "[A-Za-z0-9._:/@=+-]{1,128}";
    private static final Pattern NAME = Pattern.compile(RULE);

    private Tags() {}

    /** A tag's name. */
    public static String name(String tag) {
        requireNonNull(tag, "tag");
        if (!NAME.matcher(tag).matches()) {
            throw new IllegalArgumentException("tag (" + tag + ") must match " + RULE);
        }
        return tag;
    }

    /** The tags of one entry, each once, in the order in which they came. */
    public static List<String> names(Collection<String> tags) {
        List<String> names =
                requireNonNull(tags, "tags").stream().map(Tags::name).distinct().toList();
        if (names.size() > MOST) {
            throw new IllegalArgumentException(
                    "tags (" + names.size() + " of them) must be at most " + MOST + " of one entry");
        }
        return names;
    }
}
