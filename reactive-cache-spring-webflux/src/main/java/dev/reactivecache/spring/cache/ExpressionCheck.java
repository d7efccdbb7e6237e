package dev.reactivecache.spring.cache;

import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Looks, before anything is called, whether an expression asks only for what there will be: SpEL itself takes an
 * unknown variable for null.
 */
final class ExpressionCheck {
    private static final Set<String> ALWAYS = Set.of("root", "this");

    private final Set<String> variables;
    private final Predicate<String> beans;

    /**
     * Creates one.
     *
     * @param variables those that there will be, without {@code #}
     * @param beans whether there is a bean of a name
     */
    ExpressionCheck(Set<String> variables, Predicate<String> beans) {
        this.variables = variables;
        this.beans = beans;
    }

    /**
     * Looks at all of an expression.
     *
     * @throws IllegalArgumentException if it asks for something that there will not be
     */
    void check(SpelNode expression) {
        check(expression, true);
    }

    /** @param ofRoot whether a name without anything before it means a property of the root */
    private void check(SpelNode node, boolean ofRoot) {
        if (node instanceof VariableReference variable) {
            requireVariable(variable.toStringAST().substring(1));
        } else if (node instanceof FunctionReference function) {
            throw new IllegalArgumentException(function.toStringAST() + " is a function, and there are none");
        } else if (node instanceof BeanReference bean && !beans.test(bean.getName())) {
            throw new IllegalArgumentException("there is no bean named '" + bean.getName() + "'");
        } else if (node instanceof PropertyOrFieldReference property && ofRoot) {
            requireProperty(property.getName());
        } else if (node instanceof CompoundExpression) {
            checkChain(node, ofRoot);
        } else {
            checkChildren(node, ofRoot && !hasNamesOfItsOwn(node));
        }
    }

    /** Of what comes after a dot nothing is known, but for what comes after the root. */
    private void checkChain(SpelNode chain, boolean ofRoot) {
        check(chain.getChild(0), ofRoot);
        for (int i = 1; i < chain.getChildCount(); i++) {
            SpelNode link = chain.getChild(i);
            boolean afterRoot = i == 1 && chain.getChild(0).toStringAST().equals("#root");
            if (!(link instanceof PropertyOrFieldReference property)) {
                check(link, ofRoot);
            } else if (afterRoot) {
                requireProperty(property.getName());
            }
        }
    }

    private void checkChildren(SpelNode node, boolean ofRoot) {
        for (int i = 0; i < node.getChildCount(); i++) {
            check(node.getChild(i), ofRoot);
        }
    }

    /** Elements, keys of maps: names in there are not the root's. */
    private static boolean hasNamesOfItsOwn(SpelNode node) {
        return node instanceof Selection
                || node instanceof Projection
                || node instanceof InlineMap
                || node instanceof Indexer;
    }

    private void requireVariable(String name) {
        if (!variables.contains(name) && !ALWAYS.contains(name)) {
            throw new IllegalArgumentException("there is no #" + name + ", but " + all());
        }
    }

    private void requireProperty(String name) {
        if (!CallRoot.PROPERTIES.contains(name)) {
            String meant = variables.contains(name) ? ": write #" + name : "";
            throw new IllegalArgumentException(
                    "'" + name + "' is none of the properties of #root, which are " + CallRoot.PROPERTIES + meant);
        }
    }

    private String all() {
        return variables.stream().sorted().map(name -> "#" + name).collect(Collectors.joining(", ", "", " and #root"));
    }
}
