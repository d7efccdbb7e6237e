package dev.reactivecache.shared;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes down a type, and what of its members others can name, the same on each version of Java. */
final class Signatures {
    private static final Pattern NULLABLE = Pattern.compile("@org\\.jspecify\\.annotations\\.Nullable\\(\\)");
    private static final Pattern LANG = Pattern.compile("\\bjava\\.lang\\.(?=[A-Z])");
    private static final int OF_TYPES = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.ABSTRACT | Modifier.FINAL;
    private static final int OF_MEMBERS = OF_TYPES | Modifier.STATIC;

    private Signatures() {}

    /** Whether code in another package can name the type. */
    static boolean isVisible(Class<?> type) {
        return !type.isSynthetic()
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && isVisible(type.getModifiers())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    /** The type in the first line, its members in the others. */
    static List<String> of(Class<?> type) {
        List<String> lines = new ArrayList<>(List.of(header(type)));
        Stream.concat(
                        executables(type),
                        Arrays.stream(type.getDeclaredFields())
                                .filter(Signatures::isVisible)
                                .map(Signatures::field))
                .sorted()
                .distinct()
                .forEach(line -> lines.add("    " + line));
        return lines;
    }

    private static String header(Class<?> type) {
        return shortened(words(
                deprecated(type),
                Modifier.toString(modifiers(type)),
                type.isSealed() ? "sealed" : "",
                kind(type),
                type.getName() + variables(type.getTypeParameters()),
                superclass(type),
                type.isAnnotation()
                        ? ""
                        : list(type.isInterface() ? "extends " : "implements ", type.getAnnotatedInterfaces()),
                permitted(type)));
    }

    private static int modifiers(Class<?> type) {
        int modifiers = type.getModifiers() & OF_TYPES;
        if (type.isEnum() || type.isRecord()) {
            return modifiers & ~(Modifier.FINAL | Modifier.ABSTRACT);
        }
        return type.isInterface() ? modifiers & ~Modifier.ABSTRACT : modifiers;
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        if (type.isEnum()) {
            return "enum";
        }
        return type.isRecord() ? "record" : "class";
    }

    private static String permitted(Class<?> type) {
        if (!type.isSealed()) {
            return "";
        }
        return Arrays.stream(type.getPermittedSubclasses())
                .map(Class::getName)
                .sorted()
                .collect(Collectors.joining(", ", "permits ", ""));
    }

    private static String superclass(Class<?> type) {
        boolean implied = type.isInterface()
                || type.isEnum()
                || type.isRecord()
                || type.getSuperclass() == null
                || type.getSuperclass() == Object.class;
        return implied ? "" : "extends " + type.getAnnotatedSuperclass();
    }

    /** Constructors and methods; also the methods of superclasses that others cannot name, but call. */
    private static Stream<String> executables(Class<?> type) {
        Stream<Class<?>> hidden = Stream.<Class<?>>iterate(
                        type.getSuperclass(), each -> each != null && !isVisible(each), Class::getSuperclass)
                .filter(each -> !each.getName().startsWith("java."));
        return Stream.concat(
                        Arrays.stream(type.getDeclaredConstructors()),
                        Stream.concat(Stream.of(type), hidden)
                                .flatMap(each -> Arrays.stream(each.getDeclaredMethods())))
                .filter(each -> isVisible(each) && !(each instanceof Method method && isImplied(method)))
                .map(Signatures::executable);
    }

    private static String executable(Executable each) {
        boolean method = each instanceof Method;
        int modifiers = each.getModifiers() & OF_MEMBERS;
        if (each.getDeclaringClass().isInterface()) {
            modifiers &= ~Modifier.ABSTRACT;
        }
        Object fallback = method ? ((Method) each).getDefaultValue() : null;
        return shortened(words(
                deprecated(each),
                Modifier.toString(modifiers),
                method && ((Method) each).isDefault() ? "default" : "",
                variables(each.getTypeParameters()),
                method ? each.getAnnotatedReturnType().toString() : "",
                (method ? each.getName() : each.getDeclaringClass().getSimpleName()) + parameters(each),
                list("throws ", each.getAnnotatedExceptionTypes()),
                fallback == null ? "" : "default " + value(fallback)));
    }

    private static String field(Field field) {
        return shortened(words(
                deprecated(field),
                Modifier.toString(field.getModifiers() & OF_MEMBERS),
                field.getAnnotatedType().toString(),
                field.getName()));
    }

    private static String parameters(Executable each) {
        return Arrays.stream(each.getParameters())
                .map(Parameter::getAnnotatedType)
                .map(AnnotatedType::toString)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String variables(TypeVariable<?>[] variables) {
        return Arrays.stream(variables)
                .map(each -> each.getName() + bounds(each))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), text -> text.isEmpty() ? "" : "<" + text + ">"));
    }

    private static String bounds(TypeVariable<?> variable) {
        return Arrays.stream(variable.getAnnotatedBounds())
                .filter(bound -> !bound.getType().equals(Object.class) || bound.getAnnotations().length > 0)
                .map(AnnotatedType::toString)
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(" & "), text -> text.isEmpty() ? "" : " extends " + text));
    }

    private static String list(String before, AnnotatedType[] types) {
        return types.length == 0
                ? ""
                : Arrays.stream(types).map(AnnotatedType::toString).collect(Collectors.joining(", ", before, ""));
    }

    private static String value(Object value) {
        return value instanceof Object[] several
                ? Arrays.toString(several)
                : value instanceof Type type ? type.getTypeName() : "\"" + value + "\"";
    }

    /** What compilers add, and what every object has. */
    private static boolean isImplied(Method method) {
        return method.isBridge()
                || Arrays.stream(Object.class.getMethods())
                        .anyMatch(each -> each.getName().equals(method.getName())
                                && Arrays.equals(each.getParameterTypes(), method.getParameterTypes()));
    }

    private static boolean isVisible(Member member) {
        return !member.isSynthetic() && isVisible(member.getModifiers());
    }

    private static boolean isVisible(int modifiers) {
        return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    private static String deprecated(AnnotatedElement element) {
        return element.isAnnotationPresent(Deprecated.class) ? "@Deprecated" : "";
    }

    private static String words(String... words) {
        return Arrays.stream(words).filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String shortened(String line) {
        return LANG.matcher(NULLABLE.matcher(line).replaceAll("@Nullable")).replaceAll("");
    }
}
