package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import dev.reactivecache.internal.codec.Likeness;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/** What was put comes back equal. */
class JacksonRoundTripTest {
    private static final List<ObjectMapper> BINARY = List.of(new CBORMapper(), new SmileMapper());

    @Fuzzed
    void valuesOfAllKindsComeBackFromJson() {
        Fuzz.tries(1_500, draw -> {
            DrawnValue drawn = DrawnValue.of(draw);

            comesBack(JacksonCodec.of(drawn.type()), drawn);
        });
    }

    @Fuzzed
    void valuesOfAllKindsComeBackFromCborAndSmile() {
        Fuzz.tries(1_500, draw -> {
            DrawnValue drawn = DrawnValue.of(draw);

            comesBack(JacksonCodec.of(drawn.type(), draw.oneOf(BINARY)), drawn);
        });
    }

    private static void comesBack(ValueCodec<Object> codec, DrawnValue drawn) {
        Object back = codec.decode(ByteBuffer.wrap(codec.encode(drawn.value())));

        assertThat(Likeness.difference(drawn.value(), back))
                .as("%s as %s", drawn.value(), drawn.type().toCanonical())
                .isNull();
    }

    @Test
    void aMapperOfTheUsersKeepsOffsetsAndZonesToo() {
        JsonMapper mapper = JsonMapper.builder()
                .defaultTimeZone(TimeZone.getTimeZone("Asia/Tokyo"))
                .build();
        OffsetDateTime at = OffsetDateTime.parse("2026-01-02T03:04:05+02:00");
        ZonedDateTime later = ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Berlin]");
        var offsets = JacksonCodec.of(OffsetDateTime.class, mapper);
        var zones = JacksonCodec.of(ZonedDateTime.class, mapper);

        assertThat((Object) offsets.decode(ByteBuffer.wrap(offsets.encode(at)))).isEqualTo(at);
        assertThat((Object) zones.decode(ByteBuffer.wrap(zones.encode(later)))).isEqualTo(later);
    }
}
