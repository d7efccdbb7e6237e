package dev.reactivecache;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Within a room, files may know each other both ways, but only a few: such a circle is read as one. The doors are left
 * out. They are one circle, since a cache has a builder, and a builder makes a cache.
 */
@AnalyzeClasses(packages = "dev.reactivecache", importOptions = ImportOption.DoNotIncludeTests.class)
class FileCirclesTest {
    private static final int MOST = 5;

    @ArchTest
    static void noCircleHasMoreThanFiveFiles(JavaClasses classes) {
        Map<String, Set<String>> known = knownFiles(classes);

        assertThat(known).hasSizeGreaterThan(100);
        assertThat(circles(known)).allSatisfy(circle -> assertThat(circle).hasSizeLessThanOrEqualTo(MOST));
    }

    /** Which files each file names. Nested classes count as the file that they stand in. */
    private static Map<String, Set<String>> knownFiles(JavaClasses classes) {
        Map<String, Set<String>> known = new TreeMap<>();
        for (JavaClass type : classes) {
            if (!ArchitectureTest.isDoor(type)) {
                known.computeIfAbsent(fileOf(type), file -> new TreeSet<>())
                        .addAll(type.getDirectDependenciesFromSelf().stream()
                                .map(Dependency::getTargetClass)
                                .map(JavaClass::getBaseComponentType)
                                .filter(target -> classes.contain(target.getName()))
                                .filter(target -> !ArchitectureTest.isDoor(target))
                                .map(FileCirclesTest::fileOf)
                                .collect(Collectors.toSet()));
            }
        }
        return known;
    }

    private static String fileOf(JavaClass type) {
        return ArchitectureTest.outermost(type).getName();
    }

    /** The files that lead to each other, by however many others. */
    private static Set<Set<String>> circles(Map<String, Set<String>> known) {
        Map<String, Set<String>> reached = new TreeMap<>();
        known.keySet().forEach(file -> reached.put(file, reachedFrom(file, known)));
        Set<Set<String>> circles = new HashSet<>();
        reached.forEach((file, others) -> circles.add(others.stream()
                .filter(other -> reached.get(other).contains(file))
                .collect(Collectors.toCollection(TreeSet::new))));
        return circles;
    }

    private static Set<String> reachedFrom(String file, Map<String, Set<String>> known) {
        Set<String> reached = new HashSet<>(Set.of(file));
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (String next : known.get(open.pop())) {
                if (reached.add(next)) {
                    open.push(next);
                }
            }
        }
        return reached;
    }
}
