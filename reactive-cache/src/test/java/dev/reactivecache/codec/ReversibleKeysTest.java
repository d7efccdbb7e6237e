package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
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
