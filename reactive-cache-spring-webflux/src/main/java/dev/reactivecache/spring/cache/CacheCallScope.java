package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.cache.CacheCall.Use;
import java.lang.reflect.Method;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;

/** What the expressions of one call are evaluated over. */
final class CacheCallScope {
    private static final ParameterNameDiscoverer NAMES = DefaultParameterNameDiscoverer.getSharedInstance();

    private final CacheCall call;
    private final MethodInvocation invocation;

    CacheCallScope(CacheCall call, MethodInvocation invocation) {
        this.call = call;
        this.invocation = invocation;
    }

    /** The root of the expressions. */
    record Root(Method method, @Nullable Object target) {}

    boolean uses(Use use, @Nullable Object result) {
        return use.condition() == null || isTrue(use.condition(), result);
    }

    boolean stores(Use use, @Nullable Object result) {
        return use.unless() == null || !isTrue(use.unless(), result);
    }

    private boolean isTrue(Expression expression, @Nullable Object result) {
        return Boolean.TRUE.equals(expression.getValue(over(result), Boolean.class));
    }

    Object key(Use use, @Nullable Object result) {
        Expression expression = use.key();
        Object key = expression == null ? invocation.getArguments()[0] : expression.getValue(over(result));
        if (key == null) {
            throw new IllegalArgumentException("the key of cache '" + use.cache() + "' is null in " + call.method()
                    + (expression == null ? "" : ": " + expression.getExpressionString()));
        }
        return key;
    }

    private EvaluationContext over(@Nullable Object result) {
        Root root = new Root(call.method(), invocation.getThis());
        var context = new MethodBasedEvaluationContext(root, call.method(), invocation.getArguments(), NAMES);
        context.setVariable("result", result);
        return context;
    }
}
