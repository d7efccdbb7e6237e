package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Locale;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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

    @Property(tries = 300)
    void strings(@ForAll("texts") String one, @ForAll("texts") String other) {
        eachKeyHasItsOwnText(KeyCodec.ofString(), one, other);
    }

    @Property(tries = 300)
    void ints(@ForAll int one, @ForAll int other) {
        eachKeyHasItsOwnText(KeyCodec.ofInt(), one, other);
    }

    @Property(tries = 300)
    void longs(@ForAll long one, @ForAll long other) {
        eachKeyHasItsOwnText(KeyCodec.ofLong(), one, other);
    }

    @Property(tries = 300)
    void uuids(@ForAll long high, @ForAll long low, @ForAll long otherLow) {
        eachKeyHasItsOwnText(KeyCodec.ofUuid(), new UUID(high, low), new UUID(high, otherLow));
    }

    @Property
    void enums(@ForAll Region one, @ForAll Region other) {
        eachKeyHasItsOwnText(KeyCodec.ofEnum(Region.class), one, other);
    }

    @Property(tries = 500)
    void records(@ForAll("items") Item one, @ForAll("items") Item other) {
        eachKeyHasItsOwnText(KeyCodec.ofRecord(Item.class), one, other);
    }

    @Property(tries = 300)
    void recordsOfRecordsOfRecords(@ForAll("items") Item item, @ForAll int one, @ForAll int other) {
        eachKeyHasItsOwnText(KeyCodec.ofRecord(Numbered.class), new Numbered(item, one), new Numbered(item, other));
    }

    /** A text is read as a key or refused; if it is read, then it is the text of that key and of no other. */
    @Property(tries = 1000)
    void noTwoTextsStandForOneRecord(@ForAll("texts") String text) {
        KeyCodec<Shelf> shelves = KeyCodec.ofRecord(Shelf.class);
        try {
            assertThat(shelves.encode(shelves.decode("EU:" + text))).isEqualTo("EU:" + text);
        } catch (CodecException refused) {
            assertThat(text).matches(".*[:\\\\].*");
        }
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

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', 'b', ':', '\\', '%', '{', '}', '\u00e9', ' ')
                .ofMaxLength(6);
    }

    @Provide
    Arbitrary<Item> items() {
        Arbitrary<Shelf> shelves =
                Arbitraries.of(Region.class).flatMap(region -> texts().map(name -> new Shelf(region, name)));
        Arbitrary<Long> numbers = Arbitraries.longs().between(-2, 2);
        return shelves.flatMap(
                shelf -> numbers.map(number -> new Item(shelf, number, number.intValue(), new UUID(number, ~number))));
    }
}
