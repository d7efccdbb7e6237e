package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what another codec has encoded, if it is large. One byte in front says whether it is: 0 as it is, 1
 * deflated, behind its length in four bytes.
 */
final class CompressingCodec<V> implements ValueCodec<V> {
    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;
    private static final int LENGTH_BYTES = 4;
    private static final int LONGEST = 64 * 1024 * 1024;
    private static final int MOST_SHORTENING = 1_100; // deflate does not reach it

    private final ValueCodec<V> codec;
    private final int threshold;
    private final int longest;

    CompressingCodec(ValueCodec<V> codec, int threshold) {
        this.codec = requireNonNull(codec, "codec");
        if (threshold < 0) {
            throw new IllegalArgumentException("threshold (" + threshold + ") must be at least 0 bytes");
        }
        this.threshold = threshold;
        this.longest = codec instanceof LimitedCodec<V> limited ? Math.min(limited.limit(), LONGEST) : LONGEST;
    }

    @Override
    public byte[] encode(V value) {
        byte[] plain = codec.encode(value);
        if (plain.length >= threshold && plain.length <= longest) {
            byte[] deflated = deflate(plain);
            if (deflated.length < plain.length) {
                return deflated;
            }
        }
        byte[] marked = new byte[plain.length + 1];
        marked[0] = PLAIN;
        System.arraycopy(plain, 0, marked, 1, plain.length);
        return marked;
    }

    private static byte[] deflate(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(64, plain.length / 4));
            out.write(DEFLATED);
            out.writeBytes(
                    ByteBuffer.allocate(LENGTH_BYTES).putInt(plain.length).array());
            byte[] part = new byte[8_192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    @Override
    public int encodedSize(V value) {
        return codec.encodedSize(value);
    }

    @Override
    public V decode(ByteBuffer payload) {
        ByteBuffer rest = payload.duplicate();
        if (!rest.hasRemaining()) {
            throw notCompressed("there are none", null);
        }
        byte kind = rest.get();
        return switch (kind) {
            case PLAIN -> codec.decode(rest.slice());
            case DEFLATED -> codec.decode(ByteBuffer.wrap(inflate(rest)));
            default -> throw notCompressed("they begin with " + kind, null);
        };
    }

    private byte[] inflate(ByteBuffer deflated) {
        int length = deflated.remaining() < LENGTH_BYTES ? -1 : deflated.getInt();
        // the bytes that are there bound what is allocated: a length that they cannot have is a lie
        if (length < 0 || length > longest || length / MOST_SHORTENING > deflated.remaining()) {
            throw notCompressed("they claim a length of " + length + " bytes", null);
        }
        byte[] plain = new byte[length];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            if (fill(plain, inflater) < length) {
                throw notCompressed("they end too soon", null);
            }
            if (inflater.inflate(new byte[1]) > 0 || !inflater.finished() || inflater.getRemaining() > 0) {
                throw notCompressed("they go on after their end", null);
            }
            return plain;
        } catch (DataFormatException malformed) {
            throw notCompressed("they are malformed", malformed);
        } finally {
            inflater.end();
        }
    }

    /** How many bytes there were for {@code target}. */
    private static int fill(byte[] target, Inflater inflater) throws DataFormatException {
        int read = 0;
        while (read < target.length) {
            int count = inflater.inflate(target, read, target.length - read);
            if (count == 0) {
                break;
            }
            read += count;
        }
        return read;
    }

    private static CodecException notCompressed(String reason, @Nullable Throwable cause) {
        return new CodecException("the bytes are not compressed by this codec: " + reason, cause);
    }

    @Override
    public String toString() {
        return codec + ", compressed from " + threshold + " bytes on";
    }
}
