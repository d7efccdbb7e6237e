package dev.reactivecache.codec;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses what another codec has encoded, if it is large. One byte in front says whether it is: 0 as it is, 1
 * deflated, behind its length in four bytes.
 */
final class CompressingCodec<V> implements ValueCodec<V> {
    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;
    private static final int LENGTH_BYTES = 4;
    private static final int LONGEST = 512 * 1024 * 1024; // Redis takes no more

    private final ValueCodec<V> codec;
    private final int threshold;

    CompressingCodec(ValueCodec<V> codec, int threshold) {
        this.codec = requireNonNull(codec, "codec");
        if (threshold < 0) {
            throw new IllegalArgumentException("threshold (" + threshold + ") must be at least 0 bytes");
        }
        this.threshold = threshold;
    }

    @Override
    public byte[] encode(V value) {
        byte[] plain = codec.encode(value);
        if (plain.length >= threshold) {
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
    public V decode(ByteBuffer payload) {
        ByteBuffer rest = payload.duplicate();
        if (!rest.hasRemaining()) {
            throw new CodecException("the bytes are not compressed by this codec: there are none", null);
        }
        byte kind = rest.get();
        return switch (kind) {
            case PLAIN -> codec.decode(rest.slice());
            case DEFLATED -> codec.decode(ByteBuffer.wrap(inflate(rest)));
            default ->
                throw new CodecException("the bytes are not compressed by this codec: they begin with " + kind, null);
        };
    }

    private static byte[] inflate(ByteBuffer deflated) {
        int length = deflated.remaining() < LENGTH_BYTES ? -1 : deflated.getInt();
        // deflate shortens to a thousandth at most: a length beyond that is a lie that would cost memory
        if (length < 0 || length > LONGEST || length / 1_100 > deflated.remaining()) {
            throw new CodecException("the bytes are not compressed by this codec: their length is " + length, null);
        }
        byte[] plain = new byte[length];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            int read = 0;
            while (read < length) {
                int count = inflater.inflate(plain, read, length - read);
                if (count == 0) {
                    throw new CodecException("the bytes end too soon: " + read + " of " + length, null);
                }
                read += count;
            }
            return plain;
        } catch (DataFormatException malformed) {
            throw new CodecException("the bytes are not compressed by this codec", malformed);
        } finally {
            inflater.end();
        }
    }

    @Override
    public String toString() {
        return codec + ", compressed from " + threshold + " bytes on";
    }
}
