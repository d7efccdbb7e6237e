package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/** Whatever bytes a remote tier holds under the key of a response, they are a response that can be sent, or a miss. */
class StoredResponseFuzzTest {
    private static final ValueCodec<StoredResponse> CODEC = StoredResponse.codec();

    private static StoredResponse response(Random random) {
        HttpHeaders headers = new HttpHeaders();
        for (int fields = random.nextInt(5); fields > 0; fields--) {
            headers.add(
                    HeaderTexts.oneOf(random, "ETag", "Vary", "Last-Modified", "Content-Type", "X-Note", "Link"),
                    HeaderTexts.oneOf(
                            random, "\"a\"", "Accept", "text/plain", "", "a\tb", "ä€\uD83D\uDE00", "x".repeat(70_000)));
        }
        byte[] body = new byte[random.nextInt(100)];
        random.nextBytes(body);
        return new StoredResponse(
                200 + random.nextInt(400),
                headers,
                body,
                new Freshness(Duration.ofMillis(random.nextInt(100_000)), Duration.ofMillis(random.nextInt(100_000))));
    }

    @Fuzzed
    void whatIsWrittenIsRead() {
        Fuzz.tries(1_000, draw -> {
            Random random = draw.random();
            StoredResponse written = response(random);

            StoredResponse read = CODEC.decode(ByteBuffer.wrap(CODEC.encode(written)));

            assertThat(read.status()).isEqualTo(written.status());
            assertThat(read.headers()).isEqualTo(written.headers());
            assertThat(read.body()).isEqualTo(written.body());
            assertThat(read.lifetime()).isEqualTo(written.lifetime());
            assertThat(read.ageOnArrival()).isEqualTo(written.ageOnArrival());
        });
    }

    @Fuzzed
    void changedBytesAreAResponseThatCanBeSentOrAMiss() {
        Fuzz.tries(4_000, draw -> {
            Random random = draw.random();
            StoredResponse read = decode(draw.mutated(CODEC.encode(response(random))));
            if (read != null) {
                assertCanBeSent(read);
            }
        });
    }

    private static @Nullable StoredResponse decode(byte[] bytes) {
        try {
            return CODEC.decode(ByteBuffer.wrap(bytes));
        } catch (CodecException miss) {
            return null;
        }
    }

    private static void assertCanBeSent(StoredResponse read) {
        var sent = new DefaultHttpHeaders(); // which refuses what cannot be written
        read.headers().forEach(sent::add);
        assertThat(sent.contains("Content-Length") || sent.contains("Transfer-Encoding") || sent.contains("Set-Cookie"))
                .isFalse();
        assertThat(read.toClient(ExchangeStrategies.withDefaults())
                        .build()
                        .statusCode()
                        .value())
                .isBetween(200, 599);
        assertThat(read.lifetime().minus(read.ageOnArrival())).isNotNull();
        assertThat(read.weight()).isPositive();
        CODEC.encode(read);
    }
}
