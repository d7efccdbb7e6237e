package dev.reactivecache.spring.web;

import java.util.Random;

/** Draws what may stand in header fields: what is meant, what means something to parsers, and anything else. */
final class HeaderTexts {
    private static final String MARKS = " \t,;=\"\\/*W%&?+-:.()<>@";
    private static final int LONG = 20_000;

    private HeaderTexts() {}

    @SafeVarargs
    static <T> T oneOf(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Of at most so many pieces; once in a while of very many. */
    static String draw(Random random, int longest, String... parts) {
        StringBuilder text = new StringBuilder();
        for (int pieces = random.nextInt(longest + 1); pieces > 0; pieces--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(oneOf(random, parts));
                case 1 -> text.append(MARKS.charAt(random.nextInt(MARKS.length())));
                case 2 -> text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
                default -> text.append(random.nextInt());
            }
        }
        boolean veryMany = random.nextInt(50) == 0;
        return veryMany ? text.toString().repeat(1 + LONG / Math.max(1, text.length())) : text.toString();
    }
}
