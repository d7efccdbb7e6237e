package dev.reactivecache;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which package may know which: arrows run one way, and the root stands on top. */
@AnalyzeClasses(packages = "dev.reactivecache", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.reactivecache";

    @ArchTest
    static final ArchRule entryKnowsNothingOfOurs = onlyKnows("entry");

    @ArchTest
    static final ArchRule flightKnowsEntries = onlyKnows("flight", "entry");

    @ArchTest
    static final ArchRule policyKnowsEntries = onlyKnows("policy", "entry");

    @ArchTest
    static final ArchRule codecKnowsEntries = onlyKnows("codec", "entry");

    @ArchTest
    static final ArchRule readingBackKnowsCodecs = onlyKnows("internal.codec", "codec");

    @ArchTest
    static final ArchRule localKnowsEntriesFlightsAndPolicies = onlyKnows("local", "entry", "flight", "policy");

    @ArchTest
    static final ArchRule remoteKnowsEntries = onlyKnows("remote", "entry");

    @ArchTest
    static final ArchRule observeKnowsNothingOfOurs = onlyKnows("observe");

    @ArchTest
    static final ArchRule recoveryKnowsPolicies = onlyKnows("recovery", "policy");

    @ArchTest
    static final ArchRule redisKnowsWhatARemoteTierNeeds = onlyKnows("redis", "remote", "entry", "codec", "policy");

    @ArchTest
    static final ArchRule testingKnowsWhatARemoteTierNeeds = onlyKnows("testing", "remote", "entry");

    @ArchTest
    static final ArchRule onlyMetersKnowTheRoot = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, ROOT + ".micrometer")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT);

    @ArchTest
    static final ArchRule rootDoesNotKnowRedis = noClasses()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".redis..", "io.lettuce..");

    @ArchTest
    static final ArchRule onlyMetersKnowMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".micrometer")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".micrometer", "io.micrometer..");

    // one level above our root: with "dev.reactivecache.(**)" the classes of the root package would be in no slice
    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingBlocks = noClasses().should().accessTargetWhere(blocks());

    /** R16: what nodes' clocks say of the date does not matter, because nobody asks them. */
    @ArchTest
    static final ArchRule nobodyReadsTheWallClock = noClasses().should().accessTargetWhere(readsTheWallClock());

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(resideInANullMarkedPackage());

    private static ArchRule onlyKnows(String name, String... allowed) {
        String[] ours = Stream.concat(Stream.of(name), Stream.of(allowed))
                .map(each -> ROOT + "." + each + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(ROOT + "..")).or(resideInAnyPackage(ours)));
    }

    /** Calls and method references alike. */
    private static DescribedPredicate<JavaAccess<?>> blocks() {
        return DescribedPredicate.describe("blocks the thread", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            if (owner.isAssignableTo(Mono.class) || owner.isAssignableTo(Flux.class)) {
                return name.startsWith("block")
                        || Set.of("toIterable", "toStream").contains(name);
            }
            if (owner.isAssignableTo(Future.class)) {
                return name.equals("get") || name.equals("join");
            }
            return owner.isEquivalentTo(Thread.class) && name.equals("sleep");
        });
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheWallClock() {
        return DescribedPredicate.describe("reads the wall clock", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            return (owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis"))
                    || (owner.getPackageName().equals("java.time") && name.equals("now"))
                    || owner.isAssignableTo(Clock.class)
                    || (owner.isEquivalentTo(Date.class) && name.equals("<init>"));
        });
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        type, marked, type.getName() + (marked ? " is" : " is not") + " in a @NullMarked package"));
            }
        };
    }
}
