package dev.reactivecache.spring.web;

import java.security.Principal;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The attributes of an exchange, as a handler gets them. What filters have left there before and is of their client is
 * noted when it is taken: a session, a principal, a CSRF token, or something yet to come, which can be any of these.
 */
final class TracedAttributes extends AbstractMap<String, Object> {
    private final Map<String, Object> attributes;
    private final Set<String> inherited;
    private final ClientTraces traces;

    TracedAttributes(Map<String, Object> attributes, ClientTraces traces) {
        this.attributes = attributes;
        this.inherited = Set.copyOf(attributes.keySet());
        this.traces = traces;
    }

    @Override
    public @Nullable Object get(Object name) {
        return traced(name, attributes.get(name));
    }

    private @Nullable Object traced(Object name, @Nullable Object value) {
        if (value == null || !inherited.contains(name)) {
            return value;
        }
        if (value instanceof Mono<?> later) {
            return traces.noting(reason(name), later);
        }
        if (value instanceof Flux<?> later) {
            return traces.noting(reason(name), later);
        }
        if (value instanceof WebSession || value instanceof Principal || isCsrf(name)) {
            traces.note(reason(name));
        }
        return value;
    }

    private static String reason(Object name) {
        return isCsrf(name) ? "csrf" : "client-attribute";
    }

    /** The names that Spring Security's token has: of its type, and that of its templates. */
    private static boolean isCsrf(Object name) {
        return name.equals("org.springframework.security.web.server.csrf.CsrfToken") || name.equals("_csrf");
    }

    @Override
    public boolean containsKey(Object name) {
        return attributes.containsKey(name);
    }

    @Override
    public @Nullable Object put(String name, Object value) {
        return traced(name, attributes.put(name, value));
    }

    @Override
    public @Nullable Object remove(Object name) {
        return traced(name, attributes.remove(name));
    }

    @Override
    public @Nullable Object putIfAbsent(String name, Object value) {
        return traced(name, attributes.putIfAbsent(name, value));
    }

    @Override
    public @Nullable Object computeIfAbsent(String name, Function<? super String, ? extends Object> make) {
        return traced(name, attributes.computeIfAbsent(name, make));
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, Object>> iterator() {
                return entries();
            }

            @Override
            public int size() {
                return attributes.size();
            }
        };
    }

    private Iterator<Entry<String, Object>> entries() {
        Iterator<Entry<String, Object>> all = attributes.entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Entry<String, Object> next() {
                return new TracedEntry(all.next());
            }

            @Override
            public void remove() {
                all.remove();
            }
        };
    }

    /** Its value is noted when it is taken, not when the map is gone through. */
    private final class TracedEntry implements Entry<String, Object> {
        private final Entry<String, Object> entry;

        TracedEntry(Entry<String, Object> entry) {
            this.entry = entry;
        }

        @Override
        public String getKey() {
            return entry.getKey();
        }

        @Override
        public @Nullable Object getValue() {
            return traced(entry.getKey(), entry.getValue());
        }

        @Override
        public Object setValue(Object value) {
            return entry.setValue(value);
        }
    }
}
