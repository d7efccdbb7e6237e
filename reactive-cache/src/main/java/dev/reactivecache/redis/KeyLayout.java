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
 * How keys are spelt in Redis: {@code rc:<cache>:<key>}. No cache name contains a colon, so no cache's prefix is
 * another's. Braces in a key are escaped, as {@code %7B} and {@code %7D}, since Redis Cluster would take what stands
 * between them for the whole key; so is the percent sign.
 */
final class KeyLayout {
    static final String ROOT = "rc:";
    private static final String PROBES = ROOT + ":probe:";
    private static final String GUARD = ROOT + ":guard";
    private static final String FILLS = ROOT + ":fills:";
    private static final String GENERATIONS = ROOT + ":generations:";
    private static final String ENDED = ROOT + ":ended:";
    private static final String TAG = ":#";
    private static final String WHOLE = ":*";
    private static final String NODES = ROOT + ":nodes:";
    private static final String TICKETS = ROOT + ":ticket:";
    private static final String RECEIPTS = ROOT + ":receipts:";
    private static final byte[] TICKET_PREFIX = utf8(TICKETS);
    private static final Pattern TICKET = Pattern.compile("([0-9a-f]{16}):([0-9a-f]{16}):([^:]+):");

    private KeyLayout() {}

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
    static byte[] entryPrefix(String cache) {
        return utf8(ROOT + cache + ':');
    }

    /** What the key of each entry of a cache begins with whose text begins with a prefix. */
    static byte[] entryPrefix(String cache, String prefix) {
        return entryKey(cache, prefix);
    }

    /** The numbers of a cache's generations. */
    static byte[] generationsKey(String cache) {
        return utf8(GENERATIONS + cache);
    }

    /** What is deleted to announce that the generations of a tag have ended, or of the whole cache, if null. */
    static byte[] endedKey(String cache, @Nullable String tag) {
        return utf8(ENDED + cache + (tag == null ? WHOLE : TAG + tag));
    }

    /** What a key in whose name no cache stands first is to a cache, or null if it is nothing to any. */
    private static @Nullable EntryKey parseGenerations(String whole) {
        if (whole.startsWith(GENERATIONS)) {
            return new EntryKey(whole.substring(GENERATIONS.length()), "", Kind.GENERATIONS);
        }
        int colon = whole.startsWith(ENDED) ? whole.indexOf(':', ENDED.length()) : -1;
        if (colon < 0) {
            return null;
        }
        String cache = whole.substring(ENDED.length(), colon);
        String what = whole.substring(colon);
        if (what.startsWith(TAG)) {
            return new EntryKey(cache, what.substring(TAG.length()), Kind.END_OF_TAG);
        }
        return what.equals(WHOLE) ? new EntryKey(cache, "", Kind.END_OF_ALL) : null;
    }

    /** The bytes of an entry's key. */
    static byte[] entryKey(String cache, String text) {
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
                byte[] rest = utf8(escape(text));
                key = Arrays.copyOf(prefix, prefix.length + rest.length);
                System.arraycopy(rest, 0, key, prefix.length, rest.length);
                return key;
            }
            key[prefix.length + i] = (byte) each;
        }
        return key;
    }

    private static boolean isEscaped(char each) {
        return each == '{' || each == '}' || each == '%';
    }

    /** The bytes of a key that is no entry, for one probe. */
    static byte[] probeKey(long token) {
        return utf8(PROBES + HexFormat.of().toHexDigits(token));
    }

    /** Whether a key was made for a probe, by any node. */
    static boolean isProbe(byte[] key) {
        int length = PROBES.length();
        return key.length > length && new String(key, 0, length, StandardCharsets.US_ASCII).equals(PROBES);
    }

    /** The bytes of a key that stands for a whole data set. The suffix tells the parts of a cluster apart. */
    static byte[] guardKey(String suffix) {
        return utf8(GUARD + suffix);
    }

    /**
     * The channel of the {@link FillNotes} of one keyspace: a database, or the part of it that a master of a cluster
     * has. Channels belong to neither, so its name is in theirs.
     */
    static byte[] fillsChannel(String keyspace) {
        return utf8(FILLS + keyspace);
    }

    /** The set of the nodes that have a cache open. */
    static byte[] nodesKey(String cache) {
        return utf8(NODES + cache);
    }

    /** Where a node receives the answers to its questions about receipts. */
    static byte[] receiptsChannel(String node) {
        return utf8(RECEIPTS + node);
    }

    /**
     * The key of a ticket about an entry, in the entry's slot: entries' keys have no braces, so that is the whole
     * key's.
     */
    static byte[] ticketKey(String asker, String id, String cache, byte[] entry) {
        byte[] before = utf8(TICKETS + asker + ':' + id + ':' + cache + ":{");
        byte[] key = Arrays.copyOf(before, before.length + entry.length + 1);
        System.arraycopy(entry, 0, key, before.length, entry.length);
        key[key.length - 1] = '}';
        return key;
    }

    /** The ticket that a key stands for, or null if it stands for none. */
    static ReceiptWord.@Nullable Ticket parseTicket(byte[] key) {
        int prefix = TICKET_PREFIX.length;
        if (key.length <= prefix || Arrays.mismatch(TICKET_PREFIX, key) != prefix) {
            return null;
        }
        Matcher form = TICKET.matcher(new String(key, prefix, key.length - prefix, StandardCharsets.UTF_8));
        return form.lookingAt() ? new ReceiptWord.Ticket(form.group(1), form.group(2), form.group(3)) : null;
    }

    /** A channel that one connection subscribes to, and no other. Under the right that the {@link FillNotes} need. */
    static byte[] ownChannel(long token) {
        return utf8(FILLS + "own:" + HexFormat.of().toHexDigits(token));
    }

    /** Whether a key starts as all keys of this toolkit do. Cheap: a busy Redis announces every stranger's key. */
    static boolean isOurs(byte[] key) {
        return key.length > 3 && key[0] == 'r' && key[1] == 'c' && key[2] == ':';
    }

    /** What a key is to which cache, or null if it is nothing to any. */
    static @Nullable EntryKey parse(byte[] key) {
        if (!isOurs(key)) {
            return null;
        }
        String whole = new String(key, StandardCharsets.UTF_8);
        int colon = whole.indexOf(':', ROOT.length());
        return colon <= ROOT.length()
                ? parseGenerations(whole)
                : new EntryKey(whole.substring(ROOT.length(), colon), unescape(whole.substring(colon + 1)));
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
