package dev.reactivecache.spring.cache;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The root of the expressions of one call: the properties that Spring's own cache annotations have there, by their
 * names.
 */
final class CallRoot {
    /** What can be asked of it. */
    static final Set<String> PROPERTIES =
            new TreeSet<>(Set.of("method", "methodName", "args", "target", "targetClass"));

    private final Method method;
    private final @Nullable Object[] args;
    private final @Nullable Object target;

    CallRoot(Method method, @Nullable Object[] args, @Nullable Object target) {
        this.method = method;
        this.args = args;
        this.target = target;
    }

    /** The method, as the class of the target has it. */
    public Method getMethod() {
        return method;
    }

    /** Its name. */
    public String getMethodName() {
        return method.getName();
    }

    /** What it was called with. */
    public @Nullable Object[] getArgs() {
        return args;
    }

    /** What it was called on, behind all proxies of Spring's. */
    public @Nullable Object getTarget() {
        return target;
    }

    /** The class of that. */
    public Class<?> getTargetClass() {
        return target == null ? method.getDeclaringClass() : target.getClass();
    }
}
