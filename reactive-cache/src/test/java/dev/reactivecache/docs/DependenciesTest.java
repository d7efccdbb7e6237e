package dev.reactivecache.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** {@code docs/dependencies.md} says why each dependency of the published artifacts is there. */
class DependenciesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final String NOT_OF_TESTS =
            "/project/dependencies/dependency[not(scope) or scope != 'test']/artifactId/text()";

    @ParameterizedTest
    @ValueSource(strings = {"reactive-cache", "reactive-cache-spring-webflux"})
    void eachDependencyThatUsersGetHasItsReason(String module) throws Exception {
        String page = Files.readString(ROOT.resolve("docs/dependencies.md"));

        assertThat(dependencies(ROOT.resolve(module).resolve("pom.xml")))
                .hasSizeGreaterThan(5)
                .allSatisfy(dependency -> assertThat(page).containsPattern("[`:]" + dependency + "`"));
    }

    private static List<String> dependencies(Path pom) throws Exception {
        Document project =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        NodeList found = (NodeList)
                XPathFactory.newInstance().newXPath().evaluate(NOT_OF_TESTS, project, XPathConstants.NODESET);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getNodeValue())
                .toList();
    }
}
