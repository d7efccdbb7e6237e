package dev.reactivecache.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What of Spring's contracts is blocking waits in one place, which looks first whether the thread may wait. */
@AnalyzeClasses(packages = "dev.reactivecache.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class BlockingTest {
    @ArchTest
    static final ArchRule onlyWaitingWaits = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Waiting.class.getName())
            .should()
            .accessTargetWhere(blocks());

    private static DescribedPredicate<JavaAccess<?>> blocks() {
        return DescribedPredicate.describe("blocks the thread", access -> {
            boolean publisher = access.getTargetOwner().isAssignableTo(Mono.class)
                    || access.getTargetOwner().isAssignableTo(Flux.class);
            return publisher && access.getTarget().getName().startsWith("block");
        });
    }
}
