package dev.reactivecache.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import reactor.core.publisher.Mono;

/** The scripts that change entries. Each touches one key, and may run twice without harm. */
enum Script {
    LEASE("lease"),
    RENEW("renew"),
    FILL("fill"),
    EXTEND("extend"),
    RELEASE("release"),
    INVALIDATE("invalidate"),
    BEGIN_WRITE("begin-write"),
    END_WRITE("end-write"),
    PUT("put"),
    GENERATION("generation"),
    END_GENERATION("end-generation"),
    ATTEND("attend"),
    ATTENDANTS("attendants"),
    RIGHTS("rights");

    private final String source;
    private final String digest;

    Script(String name) {
        this.source = resource("prelude") + resource(name);
        this.digest = sha1(source());
    }

    /** Runs it on one key, by its digest; a server that does not know it yet is sent its text. */
    <T> Mono<T> run(
            RedisClusterReactiveCommands<byte[], byte[]> commands, ScriptOutputType type, byte[] key, byte[]... args) {
        byte[][] keys = {key};
        return commands.<T>evalsha(digest, type, keys, args)
                .onErrorResume(RedisNoScriptException.class, unknown -> commands.eval(source(), type, keys, args))
                .next();
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
