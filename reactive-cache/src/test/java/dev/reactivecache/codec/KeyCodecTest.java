package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.reactivecache.fuzz.Draw;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCodecTest {
    enum Region {
        EU,
        US
    }

    record Shelf(Region region, String name) {}

    record Item(Shelf shelf, long number, Integer edition, UUID owner) {}

    record WithList(String name, List<String> tags) {}

    record Nothing() {}

    private static final KeyCodec<Shelf> SHELVES = KeyCodec.ofRecord(Shelf.class);
    private static final KeyCodec<Item> ITEMS = KeyCodec.ofRecord(Item.class);
    private static final UUID SOME_ID = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");

    @Test
    void textsAreLegible() {
        assertThat(KeyCodec.ofString().encode("a b")).isEqualTo("a b");
        assertThat(KeyCodec.ofInt().encode(-7)).isEqualTo("-7");
        assertThat(KeyCodec.ofLong().encode(42L)).isEqualTo("42");
        assertThat(KeyCodec.ofUuid().encode(SOME_ID)).isEqualTo("123e4567-e89b-12d3-a456-426614174000");
        assertThat(KeyCodec.ofEnum(Region.class).encode(Region.EU)).isEqualTo("EU");
        assertThat(SHELVES.encode(new Shelf(Region.EU, "top"))).isEqualTo("EU:top");
    }

    @Fuzzed
    void numbersComeBack() {
        Fuzz.tries(300, draw -> {
            int number = draw.anyInt();
            long bigNumber = draw.anyLong();

            assertThat(KeyCodec.ofInt().decode(KeyCodec.ofInt().encode(number))).isEqualTo(number);
            assertThat(KeyCodec.ofLong().decode(KeyCodec.ofLong().encode(bigNumber)))
                    .isEqualTo(bigNumber);
        });
    }

    @Fuzzed
    void recordsComeBackWhateverTheirTextsContain() {
        Fuzz.tries(300, draw -> {
            long n = draw.anyLong();
            Item item = new Item(new Shelf(draw.oneOf(Region.values()), text(draw)), n, 3, new UUID(n, ~n));

            assertThat(ITEMS.decode(ITEMS.encode(item))).isEqualTo(item);
        });
    }

    @Fuzzed
    void differentRecordsHaveDifferentTexts() {
        Fuzz.tries(500, draw -> {
            String one = text(draw);
            String other = text(draw);

            boolean sameText =
                    SHELVES.encode(new Shelf(Region.EU, one)).equals(SHELVES.encode(new Shelf(Region.EU, other)));

            assertThat(sameText).isEqualTo(one.equals(other));
        });
    }

    private static String text(Draw draw) {
        return draw.text("a:\\%{}\u00e9 ", 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"007", "+1", "-0", "1.0", "", " 1", "99999999999999999999", "x"})
    void anotherSpellingOfANumberIsNoKey(String text) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> KeyCodec.ofLong().decode(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-1-1-1-1", "123E4567-E89B-12D3-A456-426614174000", "x"})
    void anotherSpellingOfAUuidIsNoKey(String text) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> KeyCodec.ofUuid().decode(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EU", "EU:a:b", "XX:a", "EU:a\\", "EU:\\a", ""})
    void aTextThatNoRecordHasIsNoKey(String text) {
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> SHELVES.decode(text));
    }

    @Test
    void halfASurrogatePairCannotBeEncoded() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> KeyCodec.ofString().encode("ab\ud83d"))
                .withMessageContaining("index 2");
        assertThat(KeyCodec.ofString().encode("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
        assertThat(KeyCodec.ofString().decode("")).isEmpty();
    }

    @Test
    void nullComponentsAreRefusedByName() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> SHELVES.encode(new Shelf(Region.EU, null)))
                .withMessageContaining("'name'");
    }

    @Test
    void nullKeysAreRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> KeyCodec.ofLong().encode(null))
                .withMessage("key");
        assertThatNullPointerException().isThrownBy(() -> SHELVES.encode(null)).withMessage("key");
    }

    @Test
    void recordsThatCannotBeKeysAreRefusedWhenTheCodecIsMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyCodec.ofRecord(WithList.class))
                .withMessageContaining("'tags'")
                .withMessageContaining("java.util.List");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyCodec.ofRecord(Nothing.class))
                .withMessageContaining("at least one component");
    }

    @Test
    void aUsersOwnCodecMustGiveKeysBackAsTheyWere() {
        KeyCodec<String> folding = KeyCodec.of("name", String::toLowerCase, text -> text);
        KeyCodec<String> failing = KeyCodec.of(
                "name",
                key -> {
                    throw new IllegalStateException("no");
                },
                text -> text);

        assertThat(folding.decode("abc")).isEqualTo("abc");
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> folding.decode("ABC"));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> failing.encode("k"))
                .withMessageContaining("k")
                .withCauseInstanceOf(IllegalStateException.class);
    }
}
