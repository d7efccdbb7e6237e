package dev.reactivecache.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The scripts that change entries. Each touches one key, and may run twice without harm. */
enum Script {
    LEASE("lease"),
    FILL("fill"),
    RELEASE("release"),
    INVALIDATE("invalidate"),
    BEGIN_WRITE("begin-write"),
    END_WRITE("end-write"),
    PUT("put"),
    ATTEND("attend"),
    ATTENDANTS("attendants");

    private final String source;
    private final String digest;

    Script(String name) {
        this.source = resource("prelude") + resource(name);
        this.digest = sha1(source());
    }

    /** The whole text, for EVAL. */
    byte[] source() {
        return source.getBytes(StandardCharsets.UTF_8);
    }

    /** The SHA-1 of the text, for EVALSHA. */
    String digest() {
        return digest;
    }

    private static String resource(String name) {
        String file = name + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
