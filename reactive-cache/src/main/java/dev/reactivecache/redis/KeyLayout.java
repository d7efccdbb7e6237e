package dev.reactivecache.redis;

import dev.reactivecache.codec.CodecException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How keys and channels are spelt in Redis: {@code rc:<cache>:<key>}, after the prefix of the tier. No cache name
 * contains a colon, so no cache's keys begin as another's do. No prefix contains {@code rc:}, so neither do one tier's
 * as those of a tier with another prefix. Braces in a key are escaped, as {@code %7B} and {@code %7D}, since Redis
 * Cluster would take what stands between them for the whole key; so is the percent sign.
 */
final class KeyLayout {
    private static final String OURS = "rc:";
    private static final int LONGEST_PREFIX = 200;
    private static final Pattern PREFIX = Pattern.compile("[!-~&&[^*?\\[\\]\\\\{}]]{0," + LONGEST_PREFIX + "}");
    private static final String TAG = ":#";
    private static final String WHOLE = ":*";
    private static final Pattern TICKET = Pattern.compile("([0-9a-f]{16}):([0-9a-f]{16}):([^:]+):");

    private final String root;
    private final byte[] rootBytes;
    private final String generations;
    private final String ended;
    private final byte[] probes;
    private final byte[] tickets;

    /** The layout of a tier with this prefix, of which {@link #requirePrefix} must approve. */
    KeyLayout(String prefix) {
        root = prefix + OURS;
        rootBytes = utf8(root);
        generations = root + ":generations:";
        ended = root + ":ended:";
        probes = utf8(root + ":probe:");
        tickets = utf8(root + ":ticket:");
    }

    /**
     * Returns the prefix.
     *
     * @throws IllegalArgumentException if it has a character with a meaning in patterns or to a cluster, or one that is
     *     not visible ASCII, or is too long, or could be taken for the keys of a tier with a shorter prefix
     */
    static String requirePrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("keyPrefix ('" + prefix + "') must be at most " + LONGEST_PREFIX
                    + " visible ASCII characters, without * ? [ ] { } and \\");
        }
        if (prefix.contains(OURS)) {
            throw new IllegalArgumentException("keyPrefix ('" + prefix + "') must not contain '" + OURS + "'");
        }
        return prefix;
    }

    /** The prefix of the tier. */
    String prefix() {
        return root.substring(0, root.length() - OURS.length());
    }

    /** What all keys of the tier begin with. */
    String root() {
        return root;
    }

    /** The rights to channels, beside that to keyspace events, that a user needs, for messages. */
    String channelRights() {
        return "&" + root + ":fills:* and &" + root + ":receipts:*";
    }

    /** What a key is to a cache. */
    enum Kind {
        /** An entry. */
        ENTRY,
        /** Deleted to announce that the generations of a tag have ended. */
        END_OF_TAG,
        /** Deleted to announce that the generations of the whole cache have ended. */
        END_OF_ALL,
        /** The numbers of its generations. */
        GENERATIONS
    }

    /**
     * A key of some cache.
     *
     * @param cache the cache's name
     * @param text the key as its cache's codec spells it, or the tag
     */
    record EntryKey(String cache, String text, Kind kind) {
        EntryKey(String cache, String text) {
            this(cache, text, Kind.ENTRY);
        }
    }

    /** What the key of each entry of a cache begins with. */
    byte[] entryPrefix(String cache) {
        return utf8(root + cache + ':');
    }

    /** What the key of each entry of a cache begins with whose text begins with a prefix. */
    byte[] entryPrefix(String cache, String prefix) {
        return entryKey(cache, prefix);
    }

    /** The numbers of a cache's generations. */
    byte[] generationsKey(String cache) {
        return utf8(generations + cache);
    }

    /** What is deleted to announce that the generations of a tag have ended, or of the whole cache, if null. */
    byte[] endedKey(String cache, @Nullable String tag) {
        return utf8(ended + cache + (tag == null ? WHOLE : TAG + tag));
    }

    /** What a key in whose name no cache stands first is to a cache, or null if it is nothing to any. */
    private @Nullable EntryKey parseGenerations(String whole) {
        if (whole.startsWith(generations)) {
            return new EntryKey(whole.substring(generations.length()), "", Kind.GENERATIONS);
        }
        int colon = whole.startsWith(ended) ? whole.indexOf(':', ended.length()) : -1;
        if (colon < 0) {
            return null;
        }
        String cache = whole.substring(ended.length(), colon);
        String what = whole.substring(colon);
        if (what.startsWith(TAG)) {
            return new EntryKey(cache, what.substring(TAG.length()), Kind.END_OF_TAG);
        }
        return what.equals(WHOLE) ? new EntryKey(cache, "", Kind.END_OF_ALL) : null;
    }

    /** The bytes of an entry's key. */
    byte[] entryKey(String cache, String text) {
        return entryKey(entryPrefix(cache), text);
    }

    /**
     * The same for the prefix of all entries of a cache, without an encoder for what is plain ASCII: each read asks for
     * it.
     */
    static byte[] entryKey(byte[] prefix, String text) {
        byte[] key = Arrays.copyOf(prefix, prefix.length + text.length());
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each >= 0x80 || isEscaped(each)) {
                return concat(prefix, escape(text));
            }
            key[prefix.length + i] = (byte) each;
        }
        return key;
    }

    private static boolean isEscaped(char each) {
        return each == '{' || each == '}' || each == '%';
    }

    /** The bytes of a key that is no entry, for one probe. */
    byte[] probeKey(long token) {
        return concat(probes, HexFormat.of().toHexDigits(token));
    }

    /** Whether a key was made for a probe, by any node. */
    boolean isProbe(byte[] key) {
        return key.length > probes.length && startsWith(key, probes);
    }

    /** The bytes of a key that stands for a whole data set. The suffix tells the parts of a cluster apart. */
    byte[] guardKey(String suffix) {
        return utf8(root + ":guard" + suffix);
    }

    /**
     * The channel of the {@link FillNotes} of one keyspace: a database, or the part of it that a master of a cluster
     * has. Channels belong to neither, so its name is in theirs.
     */
    byte[] fillsChannel(String keyspace) {
        return utf8(root + ":fills:" + keyspace);
    }

    /** The set of the nodes that have a cache open. */
    byte[] nodesKey(String cache) {
        return utf8(root + ":nodes:" + cache);
    }

    /** Where a node receives the answers to its questions about receipts. */
    byte[] receiptsChannel(String node) {
        return utf8(root + ":receipts:" + node);
    }

    /**
     * The key of a ticket about an entry, in the entry's slot: entries' keys have no braces, so that is the whole
     * key's.
     */
    byte[] ticketKey(String asker, String id, String cache, byte[] entry) {
        byte[] before = concat(tickets, asker + ':' + id + ':' + cache + ":{");
        byte[] key = Arrays.copyOf(before, before.length + entry.length + 1);
        System.arraycopy(entry, 0, key, before.length, entry.length);
        key[key.length - 1] = '}';
        return key;
    }

    /** The ticket that a key stands for, or null if it stands for none. */
    ReceiptWord.@Nullable Ticket parseTicket(byte[] key) {
        if (!startsWith(key, tickets)) {
            return null;
        }
        int start = tickets.length;
        Matcher form = TICKET.matcher(new String(key, start, key.length - start, StandardCharsets.UTF_8));
        return form.lookingAt() ? new ReceiptWord.Ticket(form.group(1), form.group(2), form.group(3)) : null;
    }

    /** A channel that one connection subscribes to, and no other. Under the right that the {@link FillNotes} need. */
    byte[] ownChannel(long token) {
        return utf8(root + ":fills:own:" + HexFormat.of().toHexDigits(token));
    }

    /** Whether a key begins as all keys of this tier do. Cheap: a busy Redis announces every stranger's key. */
    boolean isOurs(byte[] key) {
        return key.length > rootBytes.length && startsWith(key, rootBytes);
    }

    /** What a key is to which cache, or null if it is nothing to any. */
    @Nullable
    EntryKey parse(byte[] key) {
        if (!isOurs(key)) {
            return null;
        }
        String whole = new String(key, StandardCharsets.UTF_8);
        int colon = whole.indexOf(':', root.length());
        return colon <= root.length()
                ? parseGenerations(whole)
                : new EntryKey(whole.substring(root.length(), colon), unescape(whole.substring(colon + 1)));
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] concat(byte[] prefix, String text) {
        byte[] rest = utf8(text);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + rest.length);
        System.arraycopy(rest, 0, whole, prefix.length, rest.length);
        return whole;
    }

    private static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new CodecException("a key must not contain half of a surrogate pair", e);
        }
    }

    private static String escape(String text) {
        return text.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }

    private static String unescape(String text) {
        return text.indexOf('%') < 0
                ? text
                : text.replace("%7B", "{").replace("%7D", "}").replace("%25", "%");
    }
}
