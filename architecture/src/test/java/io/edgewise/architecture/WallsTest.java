// SPDX-License-Identifier: Apache-2.0
package io.edgewise.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The walls between the rooms. When one stands in the way, think hard before moving it, and write an ADR.
class WallsTest {
    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.edgewise");
    /// A role's decoder of bytes is as pure as its root.
    private static final String WIRE = ".wire";
    /// So is what a role knows of judging.
    private static final String JUDGE = ".judge";

    private static final List<String> ROLES = List.of("ingest", "evaluator", "drift", "controller", "console");

    @Test
    void theRootOfARoleIsPure() {
        for (String role : ROLES) {
            classes()
                    .that()
                    .resideInAnyPackage(
                            "io.edgewise." + role, "io.edgewise." + role + WIRE, "io.edgewise." + role + JUDGE)
                    .should()
                    .onlyDependOnClassesThat(resideInAnyPackage(
                            "java.lang..",
                            "java.util..",
                            "java.time..",
                            "java.math..",
                            "java.nio..",
                            "java.text..",
                            "java.io",
                            "java.security..",
                            "org.jspecify..",
                            "com.google.protobuf..",
                            "io.edgewise.contracts..",
                            "io.edgewise.statistics..",
                            "io.edgewise." + role,
                            "io.edgewise." + role + WIRE,
                            "io.edgewise." + role + JUDGE))
                    .check(CODE);
        }
    }

    @Test
    void noRoleKnowsAnotherRole() {
        for (String role : ROLES) {
            List<String> others = new ArrayList<>();
            ROLES.stream()
                    .filter(other -> !other.equals(role))
                    .forEach(other -> others.add("io.edgewise." + other + ".."));
            noClasses()
                    .that()
                    .resideInAPackage("io.edgewise." + role + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others.toArray(String[]::new))
                    .check(CODE);
        }
    }

    @Test
    void contractsAndStatisticsKnowNobody() {
        noClasses()
                .that()
                .resideInAPackage("io.edgewise.contracts..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.edgewise..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAnyPackage("io.edgewise.contracts.."))))
                .check(CODE);
        noClasses()
                .that()
                .resideInAPackage("io.edgewise.statistics..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.edgewise..", "java.sql..", "java.net..", "org.slf4j..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAnyPackage("io.edgewise.statistics.."))))
                .check(CODE);
    }

    /// The agent computes these on the device, and other languages will: there is nothing else to bring along.
    @Test
    void comparisonsNeedNothingButTheJavaLibrary() {
        for (String comparisons : List.of("ranking", "text")) {
            classes()
                    .that()
                    .resideInAPackage("io.edgewise.statistics." + comparisons)
                    .should()
                    .onlyDependOnClassesThat(resideInAnyPackage(
                            "java.lang..",
                            "java.util..",
                            "java.math..",
                            "java.text..",
                            "org.jspecify..",
                            "io.edgewise.statistics.ranking",
                            "io.edgewise.statistics." + comparisons))
                    .check(CODE);
        }
    }

    @Test
    void theAgentKnowsNoServerRoom() {
        noClasses()
                .that()
                .resideInAPackage("io.edgewise.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.edgewise.ingest..",
                        "io.edgewise.evaluator..",
                        "io.edgewise.drift..",
                        "io.edgewise.controller..",
                        "io.edgewise.console..",
                        "io.edgewise.runtime..",
                        "io.edgewise.server..")
                .check(CODE);
    }

    /// What apps say and what settings mean is decided without network or threads.
    @Test
    void theSidecarIsPureButForItsShell() {
        noClasses()
                .that()
                .resideInAnyPackage("io.edgewise.agent.app.api..", "io.edgewise.agent.app.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.edgewise.agent.app.shell..", "io.vertx..", "java.net.http..", "java.util.concurrent..")
                .check(CODE);
    }

    /// What it computes on the device must need nothing but the Java library.
    @Test
    void theAgentKnowsNothingOfStatisticsButComparisons() {
        noClasses()
                .that()
                .resideInAPackage("io.edgewise.agent..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.edgewise.statistics..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAnyPackage("io.edgewise.statistics.text"))))
                .check(CODE);
    }

    @Test
    void nobodyKnowsAnAssembly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.edgewise.server..", "io.edgewise.demo..", "io.edgewise.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.edgewise.server..", "io.edgewise.demo..", "io.edgewise.cli..")
                .check(CODE);
    }

    /// Files are read as streams that the shell opens.
    @Test
    void theCommandLineIsPureButForItsShell() {
        classes()
                .that()
                .resideInAPackage("io.edgewise.cli..")
                .and()
                .resideOutsideOfPackage("io.edgewise.cli.shell..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java.lang..",
                        "java.util..",
                        "java.io",
                        "java.nio",
                        "java.nio.charset",
                        "java.math",
                        // Reads Parquet for io.edgewise.cli.table.
                        "dev.hardwood..",
                        "org.jspecify..",
                        "io.edgewise.statistics..",
                        "io.edgewise.cli.table",
                        "io.edgewise.cli.columns",
                        "io.edgewise.cli.pairs",
                        "io.edgewise.cli.report"))
                .check(CODE);
    }

    @Test
    void theCommandLineKnowsNoServerRoom() {
        noClasses()
                .that()
                .resideInAPackage("io.edgewise.cli..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.edgewise..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(
                                "io.edgewise.cli..",
                                "io.edgewise.contracts..",
                                "io.edgewise.statistics..",
                                "io.edgewise.agent.."))))
                .check(CODE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.edgewise.(*)..").should().beFreeOfCycles().check(CODE);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        fields().should()
                .notBeAnnotatedWith("jakarta.inject.Inject")
                .allowEmptyShould(true)
                .check(CODE);
    }
}
