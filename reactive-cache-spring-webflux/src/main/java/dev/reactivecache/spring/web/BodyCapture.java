package dev.reactivecache.spring.web;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Collects a body, or hands it on untouched if it turns out to be too long. Every buffer is released once. */
final class BodyCapture {
    private BodyCapture() {}

    /**
     * Emits what one of the two makes of the body. The given ones are called with a body of at most {@code maximum}
     * bytes, or with all buffers of a longer one, which it must consume or release.
     */
    static <T> Mono<T> of(
            Publisher<? extends DataBuffer> body,
            int maximum,
            Function<byte[], Mono<T>> whole,
            Function<Flux<DataBuffer>, Mono<T>> tooLong) {
        return Mono.defer(() -> {
            AtomicLong length = new AtomicLong();
            return Flux.<DataBuffer>from(body)
                    .bufferUntil(buffer -> length.addAndGet(buffer.readableByteCount()) > maximum)
                    .switchOnFirst((first, parts) -> {
                        if (first.hasValue() && length.get() > maximum) {
                            return tooLong.apply(parts.concatMapIterable(part -> part, 1));
                        }
                        return parts.map(BodyCapture::bytes)
                                .defaultIfEmpty(new byte[0])
                                .concatMap(whole);
                    })
                    .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                    .singleOrEmpty();
        });
    }

    /** Releases what has come of a body, and cancels the rest, which may never end. */
    static Mono<Void> discard(Flux<? extends DataBuffer> body) {
        return body.doOnNext(DataBufferUtils::release).next().then();
    }

    private static byte[] bytes(List<DataBuffer> buffers) {
        byte[] bytes = new byte
                [buffers.stream().mapToInt(DataBuffer::readableByteCount).sum()];
        int at = 0;
        for (DataBuffer buffer : buffers) {
            int count = buffer.readableByteCount();
            buffer.read(bytes, at, count);
            at += count;
            DataBufferUtils.release(buffer);
        }
        return bytes;
    }
}
