package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.codec.ValueCodec;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ResolvableType;

class CodecsTest {
    record Sale(
            OffsetDateTime at,
            ZonedDateTime due,
            BigDecimal price,
            Optional<String> note,
            Map<ZonedDateTime, List<OffsetDateTime>> visits) {}

    private static final OffsetDateTime AT = OffsetDateTime.parse("2026-01-02T03:04:05.000000006+02:00");
    private static final ZonedDateTime LATER = ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Berlin]");
    private static final Sale SALE =
            new Sale(AT, LATER, new BigDecimal("1.50"), Optional.empty(), Map.of(LATER, List.of(AT)));

    private final ApplicationContextRunner application = new ApplicationContextRunner();

    @Test
    void valuesComeBackEqualByTheApplicationsMapper() {
        application
                .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                .withPropertyValues("spring.jackson.time-zone=Asia/Tokyo")
                .run(context -> assertThat(backFrom(new Codecs(context))).isEqualTo(SALE));
    }

    @Test
    void valuesComeBackEqualWithoutAMapperOfTheApplications() {
        application.run(context -> assertThat(backFrom(new Codecs(context))).isEqualTo(SALE));
    }

    @SuppressWarnings("unchecked") // asked for by this type
    private static Sale backFrom(Codecs codecs) {
        ValueCodec<Sale> codec = (ValueCodec<Sale>) codecs.values(ResolvableType.forClass(Sale.class));
        return codec.decode(ByteBuffer.wrap(codec.encode(SALE)));
    }
}
