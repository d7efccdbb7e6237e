package dev.reactivecache.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Draws input. Limits of a type come up far more often than they would by chance. */
public final class Draw {
    private static final char[] ODD_CHARS = {
        0, '\t', '\n', '\r', ' ', '"', '%', ',', '/', ':', '=', '\\', '{', '}', '~', 0x7f, 0x80, 0xff, 0x131, 0x7ff,
        0x800, 0x2028, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff
    };

    private final Random random;

    Draw(Random random) {
        this.random = random;
    }

    /** The source of it all, for what is not here. */
    public Random random() {
        return random;
    }

    public boolean coin() {
        return random.nextBoolean();
    }

    /** True once in so many times. */
    public boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Any int, often a limit or a small one. */
    public int anyInt() {
        return switch (random.nextInt(4)) {
            case 0 -> oneOf(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE + 1);
            case 1 -> random.nextInt(201) - 100;
            default -> random.nextInt();
        };
    }

    /** Any long, often a limit or a small one. */
    public long anyLong() {
        return switch (random.nextInt(4)) {
            case 0 -> oneOf(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, (long) Integer.MIN_VALUE, 1L << 53);
            case 1 -> random.nextInt(201) - 100;
            default -> random.nextLong();
        };
    }

    /** From {@code first} to {@code last}, both included and often met, small ones more often than their share. */
    public long between(long first, long last) {
        return switch (random.nextInt(8)) {
            case 0 -> first;
            case 1 -> last;
            case 2 -> first + random.nextInt(last - first > 100 ? 100 : 1); // the difference may overflow
            default -> first == last ? first : random.nextLong(first, last) + random.nextInt(2);
        };
    }

    public int between(int first, int last) {
        return (int) between((long) first, (long) last);
    }

    /** From 0 to below 1, often 0 or nearly 1. */
    public double fraction() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Math.nextDown(1.0);
            default -> random.nextDouble();
        };
    }

    /** A text of these characters, often an empty one. */
    public String text(String alphabet, int maxLength) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Any text that UTF-8 can spell: no half of a surrogate pair. */
    public String anyText(int maxLength) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
            text.appendCodePoint(codePoint());
        }
        return text.toString();
    }

    private int codePoint() {
        return switch (random.nextInt(4)) {
            case 0 -> ODD_CHARS[random.nextInt(ODD_CHARS.length)];
            case 1 -> Character.MIN_SUPPLEMENTARY_CODE_POINT + random.nextInt(0x10_0000);
            case 2 -> random.nextInt(Character.MIN_SURROGATE);
            default -> 'a' + random.nextInt(26);
        };
    }

    /** Any chars, halves of surrogate pairs among them. */
    public String anyChars(int maxLength) {
        StringBuilder text = new StringBuilder(anyText(maxLength));
        for (int i = random.nextInt(3); i > 0; i--) {
            char half = (char) (Character.MIN_SURROGATE + random.nextInt(0x800));
            text.insert(random.nextInt(text.length() + 1), half);
        }
        return text.toString();
    }

    public <T> List<T> listOf(int maxSize, Supplier<? extends T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(maxSize + 1); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    public byte[] bytes(int maxLength) {
        byte[] bytes = new byte[random.nextInt(maxLength + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** These bytes with some changed, cut off, doubled or put in between; {@code bytes} itself stays as it is. */
    public byte[] mutated(byte[] bytes) {
        byte[] mutant = bytes.clone();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            mutant = mutatedOnce(mutant);
        }
        return mutant;
    }

    private byte[] mutatedOnce(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int end = at + random.nextInt(bytes.length - at + 1);
        return switch (random.nextInt(5)) {
            case 0 -> spliced(bytes, at, new byte[0], end);
            case 1 -> spliced(bytes, at, bytes(8), at);
            case 2 -> spliced(bytes, end, Arrays.copyOfRange(bytes, at, end), end);
            case 3 ->
                spliced(
                        bytes,
                        at,
                        new byte[] {oneOf((byte) 0, (byte) 0x7f, (byte) -1)},
                        Math.min(at + 1, bytes.length));
            default -> spliced(bytes, at, bytes(1), Math.min(at + 1, bytes.length));
        };
    }

    /** {@code bytes} with {@code middle} in place of what stands from {@code from} to {@code to}. */
    private static byte[] spliced(byte[] bytes, int from, byte[] middle, int to) {
        byte[] spliced = new byte[from + middle.length + bytes.length - to];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(middle, 0, spliced, from, middle.length);
        System.arraycopy(bytes, to, spliced, from + middle.length, bytes.length - to);
        return spliced;
    }
}
