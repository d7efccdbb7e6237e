package dev.reactivecache.internal.codec;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The codecs of a cache. Whatever a value's codec throws costs no read: it is counted, and the value passed over. */
public final class TierCodecs<K, V> {
    private final KeyCodec<K> keys;
    private final ValueCodec<V> values;
    private final CodecFailures failures;

    public TierCodecs(KeyCodec<K> keys, ValueCodec<V> values, CodecFailures failures) {
        this.keys = keys;
        this.values = new ReadBackCodec<>(values, failures);
        this.failures = failures;
    }

    /** How the remote tier spells a key; throws what the key's codec does. */
    public String text(K key) {
        return keys.encode(key);
    }

    /** The key that is spelt so, or null if none of this cache is. */
    public @Nullable K key(String text) {
        try {
            return keys.decode(text);
        } catch (Throwable notOurs) {
            failures.foreign();
            return null;
        }
    }

    /** The value with these bytes, or null if they cannot be read. */
    public @Nullable V decode(ByteBuffer payload) {
        try {
            return requireNonNull(values.decode(payload), "value codec returned null");
        } catch (Throwable unreadable) {
            failures.unreadable(unreadable);
            return null;
        }
    }

    /** The bytes of a value that callers have in any case; empty if it cannot be written. */
    public Optional<byte[]> encode(V value) {
        try {
            return Optional.of(encodeOrThrow(value));
        } catch (Throwable unwritable) {
            failures.unwritable(unwritable);
            return Optional.empty();
        }
    }

    /** The bytes of a value; throws what its codec does. */
    public byte[] encodeOrThrow(V value) {
        return requireNonNull(values.encode(value), "value codec returned null");
    }
}
