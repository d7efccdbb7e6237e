package dev.reactivecache.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What holds for all classes of this module. */
@AnalyzeClasses(packages = "dev.reactivecache.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Responses carry dates, which HTTP compares with the time of day: these are given it. */
    private static final Set<String> KEEPERS_OF_A_CLOCK =
            Set.of("dev.reactivecache.spring.web.CachedResponses", "dev.reactivecache.spring.web.CachedExchanges");

    /** What of Spring's contracts is blocking waits in one place, which looks first whether the thread may wait. */
    @ArchTest
    static final ArchRule onlyWaitingWaits = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Waiting.class.getName())
            .should()
            .accessTargetWhere(blocks());

    /** As in the core: what a node's clock says of the date decides nothing, but for HTTP. */
    @ArchTest
    static final ArchRule nobodyElseReadsTheWallClock =
            noClasses().that(areNot(KEEPERS_OF_A_CLOCK)).should().accessTargetWhere(readsTheWallClock());

    private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
        return DescribedPredicate.describe("are none of " + names, type -> !names.contains(type.getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> blocks() {
        return DescribedPredicate.describe("blocks the thread", access -> {
            boolean publisher = access.getTargetOwner().isAssignableTo(Mono.class)
                    || access.getTargetOwner().isAssignableTo(Flux.class);
            return publisher && access.getTarget().getName().startsWith("block");
        });
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheWallClock() {
        return DescribedPredicate.describe("reads the wall clock", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            return (owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis"))
                    || (owner.getPackageName().equals("java.time") && name.equals("now"))
                    || (owner.isAssignableTo(InstantSource.class) && name.startsWith("system"))
                    || (owner.isEquivalentTo(Date.class) && name.equals("<init>"));
        });
    }
}
