// SPDX-License-Identifier: Apache-2.0
package io.edgewise.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Time and chance are passed in; what feeds a gate computes the same bits on every machine.
class TimeAndChanceTest {
    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.edgewise");
    private static final String[] ASSEMBLIES = {
        "io.edgewise.runtime..",
        "io.edgewise.server..",
        "io.edgewise.demo..",
        "io.edgewise.testkit..",
        "io.edgewise.benchmarks.."
    };

    @Test
    void nobodyReadsTheClock() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ASSEMBLIES)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.InstantSource.class, "system")
                .check(CODE);
    }

    @Test
    void nobodySleepsOrThrowsDice() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ASSEMBLIES)
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class)
                .check(CODE);
    }

    @Test
    void whatFeedsAGateUsesStrictMath() {
        for (String inexact : new String[] {"log", "exp", "pow", "log1p", "expm1", "log10", "sqrt", "cbrt"}) {
            noClasses()
                    .that()
                    .resideInAPackage("io.edgewise.statistics.sequential..")
                    .or()
                    .resideInAPackage("io.edgewise.controller")
                    .should()
                    .callMethod(Math.class, inexact, double.class)
                    .orShould()
                    .callMethod(Math.class, "pow", double.class, double.class)
                    .check(CODE);
        }
    }
}
