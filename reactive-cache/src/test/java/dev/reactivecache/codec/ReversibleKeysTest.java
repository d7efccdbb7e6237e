package dev.reactivecache.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What {@link KeyCodec} promises of every codec: one key, one text, both ways. */
class ReversibleKeysTest {
    enum Region {
        EU,
        US
    }

    record Shelf(Region region, String name) {}

    record Item(Shelf shelf, long number, Integer edition, UUID owner) {}

    record Folded(String name) {
        @Override
        public String name() {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    record Isbn(String digits) {
        Isbn {
            digits = digits.replace("-", "");
        }
    }

    record Numbered(Item item, int number) {}

    record Broken(String text) {
        @Override
        public String text() {
            throw new AssertionError("never read");
        }

        @Override
        public String toString() {
            return "broken";
        }
    }

    /** {@code equals} throws. */
    record Unequal(String text) {
        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("not now");
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /** {@code toString} throws. */
    static final class Nameless {
        @Override
        public String toString() {
            throw new IllegalStateException("no name");
        }
    }

    private static final Item SOME_ITEM = new Item(new Shelf(Region.EU, "a:b"), 1, 2, new UUID(3, 4));

    @Fuzzed
    void strings() {
        Fuzz.tries(300, draw -> eachKeyHasItsOwnText(KeyCodec.ofString(), text(draw), text(draw)));
    }

    @Fuzzed
    void stringsOfAnyCharacters() {
        Fuzz.tries(1_000, draw -> eachKeyHasItsOwnText(KeyCodec.ofString(), draw.anyText(20), draw.anyText(20)));
    }

    @Fuzzed
    void ints() {
        Fuzz.tries(300, draw -> eachKeyHasItsOwnText(KeyCodec.ofInt(), draw.anyInt(), draw.anyInt()));
    }

    @Fuzzed
    void longs() {
        Fuzz.tries(300, draw -> eachKeyHasItsOwnText(KeyCodec.ofLong(), draw.anyLong(), draw.anyLong()));
    }

    @Fuzzed
    void uuids() {
        Fuzz.tries(300, draw -> {
            long high = draw.anyLong();

            eachKeyHasItsOwnText(KeyCodec.ofUuid(), new UUID(high, draw.anyLong()), new UUID(high, draw.anyLong()));
        });
    }

    @Test
    void enums() {
        for (Region one : Region.values()) {
            for (Region other : Region.values()) {
                eachKeyHasItsOwnText(KeyCodec.ofEnum(Region.class), one, other);
            }
        }
    }

    @Fuzzed
    void records() {
        Fuzz.tries(500, draw -> eachKeyHasItsOwnText(KeyCodec.ofRecord(Item.class), item(draw), item(draw)));
    }

    @Fuzzed
    void recordsOfRecordsOfRecords() {
        Fuzz.tries(300, draw -> {
            Item item = item(draw);

            eachKeyHasItsOwnText(
                    KeyCodec.ofRecord(Numbered.class),
                    new Numbered(item, draw.anyInt()),
                    new Numbered(item, draw.anyInt()));
        });
    }

    /** A text is read as a key or refused; if it is read, then it is the text of that key and of no other. */
    @Fuzzed
    void noTwoTextsStandForOneRecord() {
        KeyCodec<Shelf> shelves = KeyCodec.ofRecord(Shelf.class);
        Fuzz.tries(1_000, draw -> {
            String text = text(draw);
            try {
                assertThat(shelves.encode(shelves.decode("EU:" + text))).isEqualTo("EU:" + text);
            } catch (CodecException refused) {
                assertThat(text).matches(".*[:\\\\].*");
            }
        });
    }

    /** Whatever text an event brings. */
    @Fuzzed
    void aTextIsReadAsTheKeyThatIsSpeltSoOrRefused() {
        List<KeyCodec<?>> codecs = List.of(
                KeyCodec.ofString(),
                KeyCodec.ofInt(),
                KeyCodec.ofLong(),
                KeyCodec.ofUuid(),
                KeyCodec.ofEnum(Region.class),
                KeyCodec.ofRecord(Shelf.class),
                KeyCodec.ofRecord(Numbered.class));
        String spelt = KeyCodec.ofRecord(Numbered.class).encode(new Numbered(SOME_ITEM, -7));
        Fuzz.tries(10_000, draw -> {
            String mutant = new String(draw.mutated(spelt.getBytes(UTF_8)), ISO_8859_1);
            String text = draw.oneOf(mutant, draw.anyChars(12), draw.text("EU:-019\\", 8));

            readOrRefused(draw.oneOf(codecs), text);
        });
    }

    private static <K> void readOrRefused(KeyCodec<K> codec, String text) {
        K key;
        try {
            key = codec.decode(text);
        } catch (CodecException refused) {
            return;
        }
        assertThat(codec.encode(key)).isEqualTo(text);
    }

    @Fuzzed
    void aStringIsRefusedForHalfOfASurrogatePairAndNothingElse() {
        Fuzz.tries(5_000, draw -> {
            String text = draw.anyChars(12);
            boolean wellFormed = new String(text.getBytes(UTF_8), UTF_8).equals(text);
            KeyCodec<Shelf> shelves = KeyCodec.ofRecord(Shelf.class);
            Shelf shelf = new Shelf(Region.EU, text);

            if (wellFormed) {
                assertThat(KeyCodec.ofString().decode(KeyCodec.ofString().encode(text)))
                        .isEqualTo(text);
                assertThat(shelves.decode(shelves.encode(shelf))).isEqualTo(shelf);
            } else {
                assertRefused(() -> KeyCodec.ofString().encode(text), "half of a surrogate pair");
                assertRefused(() -> shelves.encode(shelf), "half of a surrogate pair");
            }
        });
    }

    @Test
    void whateverTheCodeOfAUserThrowsIsACodecException() {
        KeyCodec<String> failing = KeyCodec.of(
                "name",
                key -> {
                    throw new NoClassDefFoundError("gone");
                },
                text -> {
                    throw new StackOverflowError();
                });

        assertRefused(() -> failing.encode("k"), "key k cannot be encoded as name");
        assertRefused(() -> failing.decode("k"), "'k' is not the text of a key of type name");
        assertRefused(() -> KeyCodec.ofRecord(Broken.class).encode(new Broken("k")), "cannot be read");
        assertRefused(() -> KeyCodec.ofRecord(Unequal.class).encode(new Unequal("k")), "cannot be compared");
    }

    @Test
    void aKeyThatCannotEvenBeNamedIsNamedByItsClass() {
        KeyCodec<Nameless> failing = KeyCodec.of(
                "name",
                key -> {
                    throw new IllegalStateException();
                },
                text -> new Nameless());

        assertRefused(() -> failing.encode(new Nameless()), "a Nameless cannot be encoded as name");
    }

    @Test
    void aKeyThatWouldComeBackAsAnotherIsRefused() {
        KeyCodec<String> folding = KeyCodec.of("name", key -> key.toLowerCase(Locale.ROOT), text -> text);
        KeyCodec<Folded> foldingAccessor = KeyCodec.ofRecord(Folded.class);

        assertThat(folding.encode("abc")).isEqualTo("abc");
        assertRefused(() -> folding.encode("ABC"), "key ABC of type name", "'abc'");
        assertThat(foldingAccessor.encode(new Folded("abc"))).isEqualTo("abc");
        assertRefused(() -> foldingAccessor.encode(new Folded("ABC")), "of type Folded", "'abc'");
    }

    @Test
    void aTextThatItsKeyIsNotEncodedToIsRefused() {
        KeyCodec<Isbn> isbns = KeyCodec.ofRecord(Isbn.class);

        assertThat(isbns.decode(isbns.encode(new Isbn("978-3")))).isEqualTo(new Isbn("9783"));
        assertRefused(() -> isbns.decode("978-3"), "'978-3'", "of type Isbn");
    }

    @Test
    void aCodecThatCannotReadWhatItWritesIsRefusedWhenItWrites() {
        KeyCodec<String> oneWay = KeyCodec.of("name", key -> key, text -> {
            throw new UnsupportedOperationException("never read");
        });

        assertRefused(() -> oneWay.encode("a"), "'a'", "of type name");
    }

    @Test
    void halfOfASurrogatePairIsRefusedWhoeverWritesIt() {
        KeyCodec<String> own = KeyCodec.of("name", key -> key, text -> text);
        KeyCodec<Shelf> shelves = KeyCodec.ofRecord(Shelf.class);

        assertRefused(() -> KeyCodec.ofString().encode("\ude00b"), "half of a surrogate pair", "index 0");
        assertRefused(() -> KeyCodec.ofString().encode("a\ud83d\ud83d"), "half of a surrogate pair", "index 1");
        assertRefused(() -> KeyCodec.ofString().decode("a\ud83d"), "half of a surrogate pair", "index 1");
        assertRefused(() -> own.encode("a\ud83db"), "half of a surrogate pair", "index 1");
        assertRefused(() -> own.decode("a\ud83db"), "half of a surrogate pair", "index 1");
        assertRefused(() -> shelves.encode(new Shelf(Region.EU, "\ud83d")), "half of a surrogate pair", "index 3");
    }

    private static <K> void eachKeyHasItsOwnText(KeyCodec<K> codec, K one, K other) {
        assertThat(codec.decode(codec.encode(one))).isEqualTo(one);
        assertThat(codec.encode(one).equals(codec.encode(other))).isEqualTo(one.equals(other));
    }

    private static void assertRefused(ThrowingCallable call, String... reasons) {
        assertThatExceptionOfType(CodecException.class).isThrownBy(call).withMessageContainingAll(reasons);
    }

    private static String text(Draw draw) {
        return draw.text("ab:\\%{}\u00e9 ", 6);
    }

    private static Item item(Draw draw) {
        int number = draw.between(-2, 2);
        Shelf shelf = new Shelf(draw.oneOf(Region.values()), text(draw));
        return new Item(shelf, number, number, new UUID(number, ~number));
    }
}
