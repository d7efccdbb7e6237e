package dev.reactivecache.redis;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The setting {@code notify-keyspace-events}, as a set of flags. {@code A} stands for the classes it is an alias of, so
 * that two spellings of one setting are equal (Redis documentation: Redis keyspace notifications).
 */
record NotifyFlags(Set<Character> flags) {
    private static final String ALL = "g$lshztdxe";

    /** What the stream needs: events by their name, of generic commands, strings, expiry and eviction. */
    static final NotifyFlags NEEDED = parse("Eg$xe");

    static NotifyFlags parse(String setting) {
        Set<Character> flags = setting.chars()
                .mapToObj(c -> (char) c)
                .flatMap(flag -> flag == 'A' ? ALL.chars().mapToObj(c -> (char) c) : Stream.of(flag))
                .collect(Collectors.toCollection(TreeSet::new));
        return new NotifyFlags(flags);
    }

    boolean contains(NotifyFlags others) {
        return flags.containsAll(others.flags);
    }

    NotifyFlags plus(NotifyFlags others) {
        Set<Character> union = new TreeSet<>(flags);
        union.addAll(others.flags);
        return new NotifyFlags(union);
    }

    /** The setting as Redis takes it. */
    String setting() {
        return flags.stream().map(String::valueOf).collect(Collectors.joining());
    }
}
