package dev.reactivecache.spring.cache;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.expression.BeanResolver;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers calls of annotated methods from their caches, when the result is subscribed to. */
final class CacheCallInterceptor implements MethodInterceptor {
    private final CacheCalls calls;
    private final ObjectProvider<NamedCaches> caches;
    private final BeanResolver beans;
    private final UnaryOperator<Mono<Void>> afterCommit;

    CacheCallInterceptor(
            CacheCalls calls,
            ObjectProvider<NamedCaches> caches,
            BeanResolver beans,
            UnaryOperator<Mono<Void>> afterCommit) {
        this.calls = calls;
        this.caches = caches;
        this.beans = beans;
        this.afterCommit = afterCommit;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        CacheCall call = calls.of(invocation.getMethod(), target == null ? null : target.getClass());
        if (call == null || !(invocation instanceof ProxyMethodInvocation proxied)) {
            return invocation.proceed();
        }
        CacheCallScope scope = new CacheCallScope(call, proxied, beans);
        return call.many() ? many(call, scope, proxied) : one(call, scope, proxied);
    }

    private Mono<Object> one(CacheCall call, CacheCallScope scope, ProxyMethodInvocation invocation) {
        Mono<Object> source = Mono.defer(() -> Mono.<Object>from(proceed(invocation)));
        return invalidating(call, scope, reading(call.read(), scope, source));
    }

    /** The result is remembered while the invalidations run, and comes after them. */
    private Mono<Object> invalidating(CacheCall call, CacheCallScope scope, Mono<Object> source) {
        return call.invalidations().isEmpty()
                ? source
                : source.map(Optional::of)
                        .defaultIfEmpty(Optional.empty())
                        .flatMap(result -> invalidate(call.invalidations(), scope, result.orElse(null))
                                .then(Mono.justOrEmpty(result)));
    }

    private Flux<Object> many(CacheCall call, CacheCallScope scope, ProxyMethodInvocation invocation) {
        Flux<Object> source = Flux.defer(() -> Flux.<Object>from(proceed(invocation)));
        CacheUse read = call.read();
        Flux<Object> answer = read == null
                ? source
                : Flux.defer(() -> scope.uses(read, null)
                        ? fetch(read, scope, source.collectList().cast(Object.class))
                                .flatMapIterable(list -> (List<?>) list)
                        : source);
        return call.invalidations().isEmpty()
                ? answer
                : answer.concatWith(Mono.defer(() -> invalidate(call.invalidations(), scope, null))
                        .then(Mono.empty()));
    }

    private Mono<Object> reading(@Nullable CacheUse read, CacheCallScope scope, Mono<Object> source) {
        return read == null ? source : Mono.defer(() -> scope.uses(read, null) ? fetch(read, scope, source) : source);
    }

    private Mono<Object> fetch(CacheUse read, CacheCallScope scope, Mono<Object> source) {
        NamedCache cache = caches.getObject().get(read.cache());
        return cache.fetch(scope.key(read, null), source, value -> scope.loaded(read, value));
    }

    private Mono<Void> invalidate(List<CacheUse> invalidations, CacheCallScope scope, @Nullable Object result) {
        return Flux.fromIterable(invalidations)
                .filter(use -> scope.uses(use, result))
                .concatMap(use ->
                        afterCommit.apply(caches.getObject().get(use.cache()).invalidate(scope.key(use, result))))
                .then();
    }

    /** Calls the method; each call of it takes its own way through the other interceptors. */
    private static Publisher<?> proceed(ProxyMethodInvocation invocation) {
        try {
            Object result = invocation.invocableClone().proceed();
            return (Publisher<?>) requireNonNull(result, () -> invocation.getMethod() + " returned null");
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable checked) {
            throw Exceptions.propagate(checked);
        }
    }
}
