package dev.reactivecache.spring.cache;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a method's declaration tells: its arguments, what it returns, and what expressions may ask for. */
final class CallDeclaration {
    static final ParameterNameDiscoverer NAMES = DefaultParameterNameDiscoverer.getSharedInstance();

    private static final SpelExpressionParser PARSER = new SpelExpressionParser();
    private static final String FLOW = "kotlinx.coroutines.flow.Flow";
    private static final String RESULT = "result";

    private final Method method;
    private final Class<?> target;
    private final Predicate<String> beans;
    private final String @Nullable [] names;

    /**
     * Reads a method.
     *
     * @param target the class that it is called on, which may know the types that the declaration leaves open
     * @param beans whether there is a bean of a name
     * @throws IllegalStateException if it returns neither a {@code Mono} nor a {@code Flux} and does not suspend
     */
    CallDeclaration(Method method, Class<?> target, Predicate<String> beans) {
        this.method = method;
        this.target = target;
        this.beans = beans;
        this.names = NAMES.getParameterNames(method);
        ResolvableType returned = returned();
        boolean publisher = !isSuspending() && (isMany() || method.getReturnType() == Mono.class);
        if (!publisher
                && (!isSuspending() || returned.resolve(Object.class).getName().equals(FLOW))) {
            throw new IllegalStateException(
                    method + " must return a Mono or a Flux to be cached, or suspend; it returns "
                            + returned.resolve(Object.class).getName());
        }
    }

    boolean isMany() {
        return method.getReturnType() == Flux.class;
    }

    /** Whether Spring's proxies have it return a {@code Mono} to interceptors. */
    private boolean isSuspending() {
        return KotlinDetector.isSuspendingFunction(method);
    }

    /** A function that suspends tells what it returns by its last parameter alone. */
    private ResolvableType returned() {
        return isSuspending()
                ? parameter(method.getParameterCount() - 1).getGeneric(0)
                : ResolvableType.forMethodReturnType(method, target);
    }

    /** What is stored of what it returns: one element, or a list of all. */
    ResolvableType result() {
        ResolvableType element = isSuspending() ? returned() : returned().getGeneric(0);
        return isMany() ? ResolvableType.forClassWithGenerics(List.class, element) : element;
    }

    private ResolvableType parameter(int index) {
        return ResolvableType.forMethodParameter(method, index, target);
    }

    private int arguments() {
        return method.getParameterCount() - (isSuspending() ? 1 : 0);
    }

    /**
     * The key's expression, or null for the only argument.
     *
     * @throws IllegalStateException if there is not exactly one and no expression, or the expression is none
     */
    @Nullable
    Expression key(String text, boolean afterwards) {
        if (text.isEmpty() && arguments() != 1) {
            throw new IllegalStateException(
                    method + " must name its key, since it has not exactly one argument: key = \"#id\"");
        }
        return parsed(text, afterwards);
    }

    /** The type of what an expression names, if it is no more than a name; of the first argument, if it is null. */
    ResolvableType typeOf(@Nullable Expression key) {
        if (key == null) {
            return parameter(0);
        }
        if (!(((SpelExpression) key).getAST() instanceof VariableReference variable)) {
            return ResolvableType.NONE;
        }
        String name = variable.toStringAST().substring(1);
        for (int i = 0; i < arguments(); i++) {
            if (names(i).contains(name)) {
                return parameter(i);
            }
        }
        return name.equals(RESULT) ? result() : ResolvableType.NONE;
    }

    /**
     * An expression, or null for an empty text.
     *
     * @param afterwards whether it is evaluated when there is a result
     * @throws IllegalStateException if it is none, or asks for something that there will not be
     */
    @Nullable
    Expression parsed(String text, boolean afterwards) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            SpelExpression expression = PARSER.parseRaw(text);
            new ExpressionCheck(variables(afterwards), beans).check(expression.getAST());
            return expression;
        } catch (ParseException e) {
            throw new IllegalStateException(method + ": '" + text + "' is no SpEL expression: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(method + ": '" + text + "': " + e.getMessage() + compiledWithoutNames(), e);
        }
    }

    private Set<String> variables(boolean afterwards) {
        Set<String> variables = new HashSet<>();
        for (int i = 0; i < arguments(); i++) {
            variables.addAll(names(i));
        }
        if (afterwards) {
            variables.add(RESULT);
        }
        return variables;
    }

    private Set<String> names(int index) {
        Set<String> all = new HashSet<>(Set.of("a" + index, "p" + index));
        if (names != null) {
            all.add(names[index]);
        }
        return all;
    }

    private String compiledWithoutNames() {
        return names == null ? " (its class was compiled without the names of its arguments: use -parameters)" : "";
    }
}
