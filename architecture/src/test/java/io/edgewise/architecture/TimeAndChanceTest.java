// SPDX-License-Identifier: Apache-2.0
package io.edgewise.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
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
        "io.edgewise.cli.shell..",
        "io.edgewise.agent.app.shell..",
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

    /// `Math` may differ in the last bit between machines; its exact functions (`abs`, `max`, `fma`, ...) do
    /// not. Names of methods, called or passed on.
    private static final Set<String> INEXACT = Set.of(
            "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "expm1", "log",
            "log1p", "log10", "pow", "sqrt", "cbrt", "hypot");

    /// Classes that ask Commons Statistics, which computes with `Math`, and why they may: what they say is
    /// shown, or is a p-value, which never rolls back and never promotes by itself.
    private static final Map<String, String> SHOWN_ONLY = Map.of(
            "io.edgewise.statistics.sample.Welch", "test of means, shown",
            "io.edgewise.statistics.sample.MannWhitney", "test of location, shown",
            "io.edgewise.statistics.drift.KolmogorovLaw", "p-values of drift: hold and alarm");

    private static final String[] DECIDING = {
        "io.edgewise.statistics..", "io.edgewise.controller..", "io.edgewise.evaluator..", "io.edgewise.drift.."
    };

    @Test
    void whatFeedsAGateUsesStrictMath() {
        noClasses()
                .that()
                .resideInAnyPackage(DECIDING)
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "target is an inexact function of Math",
                        access -> access.getTargetOwner().isEquivalentTo(Math.class)
                                && INEXACT.contains(access.getTarget().getName())))
                .check(CODE);
    }

    @Test
    void onlyWhatIsShownComputesWithLibrariesThatUseMath() {
        Set<String> users = CODE.stream()
                .filter(JavaClass.Predicates.resideInAnyPackage(DECIDING))
                .filter(user -> user.getDirectDependenciesFromSelf().stream()
                        .anyMatch(
                                to -> to.getTargetClass().getPackageName().startsWith("org.apache.commons.statistics")))
                .map(user -> user.getName().replaceAll("\\$.*", ""))
                .collect(Collectors.toSet());

        assertThat(users).isEqualTo(SHOWN_ONLY.keySet());
    }

    /// Two formulas for one interval differ in the last digits, and one of them is worse.
    @Test
    void theNormalLawHasOneHome() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.edgewise.statistics.proportion.StandardNormal")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.apache\\.commons\\..*(Erf|NormalDistribution)")
                .because("tails and quantiles are StandardNormal's, Wilson's interval is Proportion's")
                .check(CODE);
    }
}
