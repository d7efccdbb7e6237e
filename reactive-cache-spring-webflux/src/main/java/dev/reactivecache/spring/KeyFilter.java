package dev.reactivecache.spring;

import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.KeyCodec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Lets keys through whose text a request names, all if it names none.
 *
 * @param texts the keys as they are spelt in the remote tier
 * @param codecs how the keys of a cache are spelt, by its name, as far as that is known
 */
record KeyFilter(Set<String> texts, Function<String, Optional<KeyCodec<?>>> codecs) {
    static final KeyFilter NONE = new KeyFilter(Set.of(), cache -> Optional.empty());

    /** What a request names; how keys are spelt is known to the caches of its application. */
    static KeyFilter of(ServerRequest request) {
        Set<String> texts = Set.copyOf(request.queryParams().getOrDefault("key", List.of()));
        ApplicationContext application = request.exchange().getApplicationContext();
        ReactiveCaches caches = application == null
                ? null
                : application.getBeanProvider(ReactiveCaches.class).getIfUnique();
        return new KeyFilter(texts, caches == null ? NONE.codecs : caches::keyCodec);
    }

    /** A text that certainly is the key of none of these caches. */
    Optional<String> keyOfNone(List<String> caches) {
        return texts.stream()
                .filter(text -> caches.stream().noneMatch(cache -> mayBeKey(cache, text)))
                .findFirst();
    }

    private boolean mayBeKey(String cache, String text) {
        Optional<KeyCodec<?>> codec = codecs.apply(cache);
        try {
            codec.ifPresent(known -> known.decode(text));
            return true;
        } catch (CodecException notOne) {
            return false;
        }
    }

    /** Whether a key is one of them, or there are none. */
    boolean lets(String cache, Object key) {
        return texts.isEmpty() || texts.contains(text(cache, key));
    }

    /** Where the application does not know it, the type of the key tells how it is spelt. */
    private String text(String cache, Object key) {
        KeyCodec<?> codec = codecs.apply(cache).orElseGet(() -> Codecs.usual(key.getClass()));
        return codec == null ? String.valueOf(key) : encoded(codec, key);
    }

    @SuppressWarnings("unchecked")
    private static <K> String encoded(KeyCodec<K> codec, Object key) {
        return codec.encode((K) key);
    }
}
