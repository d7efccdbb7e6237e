package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.codec.CodecException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class StoredResponseTest {
    private static StoredResponse response() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("Vary", "Accept");
        headers.add("Vary", "Origin");
        headers.set("ETag", "\"tag\"");
        return new StoredResponse(
                200, headers, new byte[] {1, 2, 3}, new Freshness(Duration.ofSeconds(60), Duration.ofSeconds(5)));
    }

    @Test
    void whatIsWrittenIsRead() {
        StoredResponse read = StoredResponse.codec()
                .decode(ByteBuffer.wrap(StoredResponse.codec().encode(response())));

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.headers()).isEqualTo(response().headers());
        assertThat(read.body()).containsExactly(1, 2, 3);
        assertThat(read.lifetime()).isEqualTo(Duration.ofSeconds(60));
        assertThat(read.ageOnArrival()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void otherBytesAreRefused() {
        byte[] bytes = StoredResponse.codec().encode(response());

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> StoredResponse.codec().decode(ByteBuffer.wrap(cut)))
                    .isInstanceOf(CodecException.class);
        }
        bytes[0] = 9;
        assertThatThrownBy(() -> StoredResponse.codec().decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("unknown format 9");
    }
}
