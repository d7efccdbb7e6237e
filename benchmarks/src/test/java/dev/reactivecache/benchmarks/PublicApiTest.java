package dev.reactivecache.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What is here, tests included, does with the core what an application could do. */
@AnalyzeClasses(packages = "dev.reactivecache.benchmarks")
class PublicApiTest {
    @ArchTest
    static final ArchRule nothingKnowsTheInternalsOfTheCore =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.reactivecache.internal..");
}
