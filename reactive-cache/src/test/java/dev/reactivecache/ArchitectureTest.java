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
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.util.Calendar;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which room may know which: arrows run one way. The root package holds doors, which put the rooms together and which
 * nobody imports back, and words, which users name and every room may use.
 */
@AnalyzeClasses(packages = "dev.reactivecache", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.reactivecache";
    private static final Set<String> DOORS =
            Set.of("ReactiveCache", "ReactiveCacheBuilder", "StaleSettings", "DefaultReactiveCache", "CacheAssembly");

    private static final Map<Class<?>, Set<String>> BLOCKING = Map.of(
            Future.class, Set.of("get", "join", "await", "sync"),
            Thread.class, Set.of("sleep", "join"),
            TimeUnit.class, Set.of("sleep"),
            Object.class, Set.of("wait"),
            LockSupport.class, Set.of("park", "parkNanos", "parkUntil"),
            Condition.class, Set.of("await", "awaitNanos", "awaitUninterruptibly", "awaitUntil"),
            CountDownLatch.class, Set.of("await"),
            Semaphore.class, Set.of("acquire", "acquireUninterruptibly"),
            BlockingQueue.class, Set.of("put", "take"));

    /** The rooms that {@link #onlyKnows} and {@link #onlyKnowsWordsAnd} have made a rule for. */
    private static final Set<String> RULED = new HashSet<>();

    @ArchTest
    static final ArchRule wordsKnowWordsAndWhatTheyAreCheckedBy =
            classes().that(areWords()).should().onlyDependOnClassesThat(known(areWords(), "remote", "internal.policy"));

    @ArchTest
    static final ArchRule codecKnowsNothingOfOurs = onlyKnows("codec");

    @ArchTest
    static final ArchRule remoteKnowsNothingOfOurs = onlyKnows("remote");

    @ArchTest
    static final ArchRule observeKnowsNothingOfOurs = onlyKnows("observe");

    @ArchTest
    static final ArchRule theLocalTierKnowsItsChecks = onlyKnows("local", "internal.policy");

    @ArchTest
    static final ArchRule redisKnowsWhatARemoteTierNeeds =
            onlyKnows("redis", "remote", "codec", "internal.entry", "internal.policy", "internal.time");

    @ArchTest
    static final ArchRule testingKnowsWhatARemoteTierNeeds = onlyKnows("testing", "remote");

    @ArchTest
    static final ArchRule policyIsPure = onlyKnows("internal.policy");

    @ArchTest
    static final ArchRule timeKnowsNothingOfOurs = onlyKnows("internal.time");

    @ArchTest
    static final ArchRule entriesKnowTheirEpochs = onlyKnows("internal.entry", "remote");

    @ArchTest
    static final ArchRule flightsKnowTheirEpochs = onlyKnows("internal.flight", "remote", "internal.time");

    @ArchTest
    static final ArchRule memoryKnowsEntriesAndFlights = onlyKnows(
            "internal.local",
            "local",
            "remote",
            "internal.entry",
            "internal.flight",
            "internal.policy",
            "internal.time");

    @ArchTest
    static final ArchRule recoveryKnowsWhereItSends =
            onlyKnowsWordsAnd("internal.recovery", "remote", "internal.policy", "internal.time");

    @ArchTest
    static final ArchRule countingKnowsWhatItCounts = onlyKnowsWordsAnd(
            "internal.count",
            "observe",
            "remote",
            "internal.flight",
            "internal.local",
            "internal.recovery",
            "internal.time");

    @ArchTest
    static final ArchRule codecsAreCounted = onlyKnows("internal.codec", "codec", "internal.count");

    @ArchTest
    static final ArchRule changesDropWhatTheyAreAbout = onlyKnowsWordsAnd(
            "internal.change",
            "remote",
            "internal.codec",
            "internal.count",
            "internal.flight",
            "internal.local",
            "internal.recovery",
            "internal.time");

    @ArchTest
    static final ArchRule loadsAreCounted =
            onlyKnowsWordsAnd("internal.load", "internal.count", "internal.flight", "internal.terms", "internal.time");

    @ArchTest
    static final ArchRule termsKnowWordsAlone = onlyKnowsWordsAnd("internal.terms");

    @ArchTest
    static final ArchRule agesAreOfEntries =
            onlyKnowsWordsAnd("internal.age", "remote", "internal.entry", "internal.policy");

    @ArchTest
    static final ArchRule missesKnowNeitherReadsNorWrites = onlyKnowsWordsAnd(
            "internal.miss",
            "remote",
            "internal.age",
            "internal.change",
            "internal.codec",
            "internal.count",
            "internal.entry",
            "internal.flight",
            "internal.load",
            "internal.local",
            "internal.policy",
            "internal.recovery",
            "internal.time");

    @ArchTest
    static final ArchRule writesKnowNeitherReadsNorMisses = onlyKnowsWordsAnd(
            "internal.write",
            "codec",
            "remote",
            "internal.age",
            "internal.change",
            "internal.codec",
            "internal.count",
            "internal.entry",
            "internal.flight",
            "internal.local",
            "internal.policy",
            "internal.recovery",
            "internal.terms",
            "internal.time");

    @ArchTest
    static final ArchRule refreshesKnowMissesAndNotWhoReads = onlyKnowsWordsAnd(
            "internal.refresh",
            "observe",
            "remote",
            "internal.count",
            "internal.entry",
            "internal.flight",
            "internal.load",
            "internal.local",
            "internal.miss",
            "internal.policy",
            "internal.time");

    @ArchTest
    static final ArchRule readsKnowMissesAndNotHowTheyAreAnswered = onlyKnowsWordsAnd(
            "internal.read",
            "observe",
            "remote",
            "internal.count",
            "internal.entry",
            "internal.flight",
            "internal.load",
            "internal.local",
            "internal.miss",
            "internal.policy",
            "internal.refresh",
            "internal.time");

    /** Stands behind the rules of the rooms, which it counts. */
    @ArchTest
    static final ArchRule everyRoomHasARule = classes()
            .should()
            .resideInAnyPackage(Stream.concat(
                            Stream.of(ROOT, ROOT + ".micrometer", ROOT + ".internal"),
                            RULED.stream().map(room -> ROOT + "." + room + ".."))
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule onlyMetersKnowADoor = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, ROOT + ".micrometer")
            .should()
            .dependOnClassesThat(areDoors());

    @ArchTest
    static final ArchRule onlyRedisKnowsRedis = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".redis..")
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

    /** Doors and words are slices of their own: taken together, the root package and the rooms would be a cycle. */
    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().assignedFrom(rooms()).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingBlocks = noClasses().should().accessTargetWhere(blocks());

    /** R16: what nodes' clocks say of the date does not matter, because nobody asks them. */
    @ArchTest
    static final ArchRule nobodyReadsTheWallClock = noClasses().should().accessTargetWhere(readsTheWallClock());

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(resideInANullMarkedPackage());

    private static ArchRule onlyKnows(String name, String... allowed) {
        RULED.add(name);
        return classes()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(known(DescribedPredicate.alwaysFalse(), join(name, allowed)));
    }

    private static ArchRule onlyKnowsWordsAnd(String name, String... allowed) {
        RULED.add(name);
        return classes()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(known(areWords(), join(name, allowed)));
    }

    private static String[] join(String name, String... others) {
        return Stream.concat(Stream.of(name), Stream.of(others)).toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> known(DescribedPredicate<JavaClass> besides, String... rooms) {
        String[] packages =
                Stream.of(rooms).map(each -> ROOT + "." + each + "..").toArray(String[]::new);
        return not(resideInAPackage(ROOT + ".."))
                .or(resideInAnyPackage(packages))
                .or(besides);
    }

    private static DescribedPredicate<JavaClass> areDoors() {
        return DescribedPredicate.describe("are doors", ArchitectureTest::isDoor);
    }

    private static DescribedPredicate<JavaClass> areWords() {
        return DescribedPredicate.describe(
                "are words", type -> type.getPackageName().equals(ROOT) && !isDoor(type));
    }

    static boolean isDoor(JavaClass type) {
        return type.getPackageName().equals(ROOT)
                && DOORS.contains(outermost(type).getSimpleName());
    }

    static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private static SliceAssignment rooms() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                if (!name.startsWith(ROOT)) {
                    return SliceIdentifier.ignore();
                }
                return SliceIdentifier.of(name.equals(ROOT) ? isDoor(type) ? "doors" : "words" : name);
            }

            @Override
            public String getDescription() {
                return "rooms";
            }
        };
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
            return BLOCKING.entrySet().stream()
                    .anyMatch(each -> owner.isAssignableTo(each.getKey())
                            && each.getValue().contains(name));
        });
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheWallClock() {
        return DescribedPredicate.describe("reads the wall clock", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            return (owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis"))
                    || (owner.getPackageName().equals("java.time") && name.equals("now"))
                    || owner.isAssignableTo(Clock.class)
                    || owner.isAssignableTo(Calendar.class)
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
