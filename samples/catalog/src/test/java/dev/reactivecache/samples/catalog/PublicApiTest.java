package dev.reactivecache.samples.catalog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What is here, tests included, does with the core what an application could do. */
@AnalyzeClasses(packages = "dev.reactivecache.samples.catalog")
class PublicApiTest {
    @ArchTest
    static final ArchRule nothingKnowsTheInternalsOfTheCore =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.reactivecache.internal..");
}
