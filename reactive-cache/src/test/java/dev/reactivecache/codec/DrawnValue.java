package dev.reactivecache.codec;

import dev.reactivecache.fuzz.Draw;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/** A value of a type that is drawn too: scalars, and what holds some, to any depth. */
public record DrawnValue(JavaType type, Object value) {
    /** Two of its constants have one text. */
    enum Coin {
        HEADS,
        TAILS {
            @Override
            public String toString() {
                return "HEADS";
            }
        }
    }

    record Pair<A, B>(A left, B right) {}

    record Page<T>(List<T> items, Map<String, T> byName, T[] array, Optional<T> first, int total) {}

    private record Kind(Class<?> type, Function<Draw, Object> value) {}

    private static final TypeFactory TYPES = TypeFactory.createDefaultInstance();
    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Asia/Kathmandu",
            "UTC",
            "Z",
            "GMT",
            "UT",
            "+02:00",
            "-03:30",
            "GMT+2",
            "UTC+01:00",
            "Etc/GMT+5",
            "EST5EDT",
            "Pacific/Apia");

    /** What can also be the key of a map. */
    private static final List<Kind> KEYS = List.of(
            new Kind(String.class, draw -> draw.anyText(8)),
            new Kind(Integer.class, Draw::anyInt),
            new Kind(Long.class, Draw::anyLong),
            new Kind(Short.class, draw -> (short) draw.anyInt()),
            new Kind(Byte.class, draw -> (byte) draw.anyInt()),
            new Kind(Boolean.class, Draw::coin),
            new Kind(Character.class, draw -> (char) draw.between(0, 0xd7ff)),
            new Kind(
                    Double.class,
                    draw -> draw.oneOf(
                            0.1,
                            -0.0,
                            Double.NaN,
                            Double.MIN_VALUE,
                            Double.MAX_VALUE,
                            Double.NEGATIVE_INFINITY,
                            draw.random().nextGaussian())),
            new Kind(
                    Float.class,
                    draw -> draw.oneOf(
                            0.1f,
                            -0f,
                            Float.NaN,
                            Float.MIN_VALUE,
                            Float.MAX_VALUE,
                            draw.random().nextFloat())),
            new Kind(BigInteger.class, draw -> new BigInteger(draw.bytes(40).length * 8 + 1, draw.random()).negate()),
            new Kind(
                    BigDecimal.class,
                    draw -> new BigDecimal(
                            new BigInteger(1 + draw.between(0, 300), draw.random()), draw.between(-400, 400))),
            new Kind(UUID.class, draw -> new UUID(draw.anyLong(), draw.anyLong())),
            new Kind(Coin.class, draw -> draw.oneOf(Coin.values())),
            new Kind(Currency.class, draw -> Currency.getInstance(draw.oneOf("EUR", "USD", "JPY"))),
            new Kind(Locale.class, draw -> draw.oneOf(Locale.GERMANY, Locale.ENGLISH, Locale.ROOT)),
            new Kind(URI.class, draw -> URI.create("http://a/" + draw.text("abc/", 5) + "?q=" + draw.anyInt())),
            new Kind(Date.class, draw -> new Date(draw.between(-100_000_000_000_000L, 100_000_000_000_000L))),
            new Kind(Instant.class, DrawnValue::instant),
            new Kind(LocalDate.class, DrawnValue::date),
            new Kind(LocalTime.class, DrawnValue::time),
            new Kind(LocalDateTime.class, draw -> LocalDateTime.of(date(draw), time(draw))),
            new Kind(OffsetDateTime.class, draw -> OffsetDateTime.of(date(draw), time(draw), offset(draw))),
            new Kind(OffsetTime.class, draw -> OffsetTime.of(time(draw), offset(draw))),
            new Kind(ZonedDateTime.class, DrawnValue::zoned),
            new Kind(ZoneId.class, draw -> ZoneId.of(draw.oneOf(ZONES))),
            new Kind(ZoneOffset.class, DrawnValue::offset),
            new Kind(Year.class, draw -> Year.of(draw.between(Year.MIN_VALUE, Year.MAX_VALUE))),
            new Kind(MonthDay.class, draw -> MonthDay.of(draw.between(1, 12), draw.between(1, 28))),
            new Kind(Month.class, draw -> draw.oneOf(Month.values())),
            new Kind(DayOfWeek.class, draw -> draw.oneOf(DayOfWeek.values())),
            new Kind(Duration.class, draw -> Duration.ofSeconds(draw.anyLong(), draw.between(0, 999_999_999))),
            new Kind(Period.class, draw -> Period.of(draw.anyInt(), draw.anyInt(), draw.anyInt())));

    private static final List<Kind> OTHERS = List.of(
            // as the key of a map, years beyond 9999 cannot be read
            new Kind(YearMonth.class, draw -> YearMonth.of(draw.between(-12_000, 12_000), draw.between(1, 12))),
            new Kind(OptionalInt.class, draw -> draw.coin() ? OptionalInt.of(draw.anyInt()) : OptionalInt.empty()),
            new Kind(OptionalLong.class, draw -> draw.coin() ? OptionalLong.of(draw.anyLong()) : OptionalLong.empty()),
            new Kind(
                    OptionalDouble.class,
                    draw -> OptionalDouble.of(draw.random().nextDouble())),
            new Kind(byte[].class, draw -> draw.bytes(20)),
            new Kind(int[].class, draw -> draw.random().ints(draw.between(0, 9)).toArray()),
            new Kind(long[][].class, draw -> new long[][] {{draw.anyLong()}, {}}),
            new Kind(double[].class, draw -> new double[] {draw.random().nextDouble(), Double.NaN}),
            new Kind(char[].class, draw -> draw.text("abc\u00e9\u20ac", 5).toCharArray()),
            new Kind(boolean[].class, draw -> new boolean[] {draw.coin(), draw.coin()}));

    /** Of any type. */
    public static DrawnValue of(Draw draw) {
        return of(draw, draw.between(0, 3));
    }

    private static DrawnValue of(Draw draw, int depth) {
        if (depth == 0) {
            return of(draw, draw.oneIn(4) ? draw.oneOf(OTHERS) : draw.oneOf(KEYS));
        }
        DrawnValue held = of(draw, depth - 1);
        return switch (draw.between(0, 6)) {
            case 0 ->
                new DrawnValue(TYPES.constructCollectionType(List.class, held.type), List.of(held.value, held.value));
            case 1 -> set(draw);
            case 2 -> map(of(draw, draw.oneOf(KEYS)), held);
            case 3 -> new DrawnValue(TYPES.constructReferenceType(Optional.class, held.type), Optional.of(held.value));
            case 4 -> array(held, 2);
            case 5 -> pair(held, of(draw, 0));
            default -> page(held);
        };
    }

    private static DrawnValue of(Draw draw, Kind kind) {
        return new DrawnValue(TYPES.constructType(kind.type), kind.value.apply(draw));
    }

    private static DrawnValue set(Draw draw) {
        Kind kind = draw.oneOf(KEYS);
        Set<Object> set = new HashSet<>(draw.listOf(4, () -> kind.value.apply(draw)));
        boolean sorted = kind.type == String.class && draw.coin();
        return new DrawnValue(
                TYPES.constructCollectionType(sorted ? TreeSet.class : Set.class, kind.type),
                sorted ? new TreeSet<>(set) : set);
    }

    private static DrawnValue map(DrawnValue key, DrawnValue value) {
        return new DrawnValue(TYPES.constructMapType(Map.class, key.type, value.type), Map.of(key.value, value.value));
    }

    private static DrawnValue array(DrawnValue held, int length) {
        Object array = Array.newInstance(held.type.getRawClass(), length);
        for (int i = 0; i < length; i++) {
            Array.set(array, i, held.value);
        }
        return new DrawnValue(TYPES.constructArrayType(held.type), array);
    }

    private static DrawnValue pair(DrawnValue left, DrawnValue right) {
        return new DrawnValue(
                TYPES.constructParametricType(Pair.class, left.type, right.type), new Pair<>(left.value, right.value));
    }

    private static DrawnValue page(DrawnValue held) {
        Map<String, Object> byName = new LinkedHashMap<>();
        byName.put("a b", held.value);
        byName.put("", held.value);
        Object page =
                new Page<>(List.of(held.value), byName, (Object[]) array(held, 1).value, Optional.of(held.value), 1);
        return new DrawnValue(TYPES.constructParametricType(Page.class, held.type), page);
    }

    private static Instant instant(Draw draw) {
        long second = draw.between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
        return Instant.ofEpochSecond(second, draw.between(0, 999_999_999));
    }

    private static LocalDate date(Draw draw) {
        return draw.coin()
                ? LocalDate.ofEpochDay(draw.between(0, 40_000))
                : LocalDate.ofEpochDay(draw.between(LocalDate.MIN.toEpochDay(), LocalDate.MAX.toEpochDay()));
    }

    private static LocalTime time(Draw draw) {
        return LocalTime.ofNanoOfDay(draw.between(0, LocalTime.MAX.toNanoOfDay()));
    }

    private static ZoneOffset offset(Draw draw) {
        return ZoneOffset.ofTotalSeconds(draw.oneOf(0, 7_200, -18_000, 61, draw.between(-64_800, 64_800)));
    }

    /** Around the hour that comes twice, often. */
    private static ZonedDateTime zoned(Draw draw) {
        LocalDateTime time =
                draw.coin() ? LocalDateTime.of(2026, 10, 25, 2, 30) : LocalDateTime.of(date(draw), time(draw));
        if (time.getYear() < -999_999_990 || time.getYear() > 999_999_990) {
            time = time.withYear(2026); // no zone's offset may lead beyond the first and last year
        }
        ZonedDateTime zoned = time.atZone(ZoneId.of(draw.oneOf(ZONES)));
        return draw.coin() ? zoned.withLaterOffsetAtOverlap() : zoned;
    }
}
