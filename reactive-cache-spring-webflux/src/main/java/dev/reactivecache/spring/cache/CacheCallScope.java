package dev.reactivecache.spring.cache;

import dev.reactivecache.Loaded;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;

/** What the expressions of one call are evaluated over. */
final class CacheCallScope {
    private static final Logger log = LoggerFactory.getLogger(CacheCallScope.class);

    private final CacheCall call;
    private final MethodInvocation invocation;
    private final BeanResolver beans;

    CacheCallScope(CacheCall call, MethodInvocation invocation, BeanResolver beans) {
        this.call = call;
        this.invocation = invocation;
        this.beans = beans;
    }

    boolean uses(CacheUse use, @Nullable Object result) {
        return use.condition() == null || isTrue(use.condition(), result);
    }

    /** A result, and how it is to be stored. */
    Loaded<Object> loaded(CacheUse use, Object result) {
        Loaded<Object> loaded = Loaded.of(result);
        if (use.unless() != null && isTrue(use.unless(), result)) {
            return loaded.notStored();
        }
        try {
            return EntryTerms.of(value(use.ttl(), result), value(use.tags(), result))
                    .applyTo(loaded);
        } catch (RuntimeException unknown) {
            log.warn(
                    "cache '{}': a result of {} is not stored, because its time to live and tags are not known: {}",
                    use.cache(),
                    call.method(),
                    unknown.getMessage());
            return loaded.notStored();
        }
    }

    private boolean isTrue(Expression expression, @Nullable Object result) {
        return Boolean.TRUE.equals(expression.getValue(over(result), Boolean.class));
    }

    private @Nullable Object value(@Nullable Expression expression, Object result) {
        return expression == null ? null : expression.getValue(over(result));
    }

    Object key(CacheUse use, @Nullable Object result) {
        Expression expression = use.key();
        Object key = expression == null ? invocation.getArguments()[0] : expression.getValue(over(result));
        if (key == null) {
            throw new IllegalArgumentException("the key of cache '" + use.cache() + "' is null in " + call.method()
                    + (expression == null ? "" : ": " + expression.getExpressionString()));
        }
        return key;
    }

    private EvaluationContext over(@Nullable Object result) {
        CallRoot root = new CallRoot(call.method(), invocation.getArguments(), invocation.getThis());
        var context =
                new MethodBasedEvaluationContext(root, call.method(), invocation.getArguments(), CallDeclaration.NAMES);
        context.setBeanResolver(beans);
        context.setVariable("result", result);
        return context;
    }
}
