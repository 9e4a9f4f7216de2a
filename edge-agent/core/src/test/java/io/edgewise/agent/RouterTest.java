// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.Order;
import io.edgewise.agent.orders.Standing;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RouterTest {
    private static final Moment NOW = new Moment(Fixture.NOW, 0);
    private static final Target CLOUD = new Target(Role.ROLE_CHAMPION, new Target.Frontier("cloud"));
    private static final Target EDGE = new Target(Role.ROLE_CHALLENGER, new Target.Build("edge-1"));

    private final Router router = new Router(new Inventory(Map.of("edge-1", "aa", "edge-0", "bb"), "cloud"));
    private final byte[] id = new byte[16];

    private Route route(Standing standing, String unit, Moment now) {
        return router.route(standing, unit, id, now);
    }

    private static List<Target> targets(Route route) {
        return route.line().stream().map(Route.Step::target).toList();
    }

    private static String unit(Directive.Builder directive, boolean isCanary) {
        return IntStream.range(0, 100_000)
                .mapToObj(i -> "user-" + i)
                .filter(unit ->
                        Assignment.isCanary(Assignment.unitHash(directive.getSalt(), unit), directive.getShareBp())
                                == isCanary)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void servesWithItsFrontierWhileThereAreNoOrders() {
        Route route = route(Standing.NONE, "u", NOW);

        assertThat(targets(route)).containsExactly(CLOUD);
        assertThat(route.orders()).isEmpty();
        assertThat(route.pairing()).isEqualTo(Route.Pairing.NONE);
    }

    @Test
    void servesTheChampionAndMirrorsTheChallengerInShadow() {
        Route route =
                route(Fixture.standing(Fixture.directive(Mode.MODE_SHADOW, 1).setPairingCanaryBp(0)), "u", NOW);

        assertThat(targets(route)).containsExactly(CLOUD, EDGE);
        assertThat(route.mirror()).hasValue(EDGE);
        assertThat(route.cohort()).isEqualTo(Cohort.COHORT_CONTROL);
        assertThat(route.pairing()).isEqualTo(new Route.Pairing(true, 10_000));
    }

    @Test
    void servesEachCohortItsArmInTheCanary() {
        Directive.Builder directive = Fixture.directive(Mode.MODE_CANARY, 2)
                .setShareBp(1_000)
                .setLeased(true)
                .setPairingControlBp(0);
        Standing standing = Fixture.leased(directive, Fixture.lease(2, 1));

        Route canary = route(standing, unit(directive, true), NOW);
        Route control = route(standing, unit(directive, false), NOW);

        assertThat(targets(canary)).containsExactly(EDGE, CLOUD);
        assertThat(canary.cohort()).isEqualTo(Cohort.COHORT_CANARY);
        assertThat(canary.mirror()).hasValue(CLOUD);
        assertThat(canary.pairing().selected()).isTrue();
        assertThat(targets(control)).containsExactly(CLOUD, EDGE);
        assertThat(control.cohort()).isEqualTo(Cohort.COHORT_CONTROL);
        assertThat(control.pairing()).isEqualTo(new Route.Pairing(false, 0));
    }

    @Test
    void servesEverybodyTheChallengerOnceApproved() {
        Route route =
                route(Fixture.standing(Fixture.directive(Mode.MODE_APPROVED, 3).setPairingCanaryBp(0)), "u", NOW);

        assertThat(targets(route)).containsExactly(EDGE, CLOUD);
        assertThat(route.cohort()).isEqualTo(Cohort.COHORT_CANARY);
        assertThat(route.pairing().rateBp()).isZero();
    }

    @Test
    void fallsBackToTheFrontierWhenALeaseHasRunOutByEitherClock() {
        Directive.Builder directive =
                Fixture.directive(Mode.MODE_CANARY, 2).setShareBp(1_000).setLeased(true);
        Standing standing = Fixture.leased(directive, Fixture.lease(2, 1));
        String unit = unit(directive, true);

        for (Moment late : List.of(new Moment(Fixture.NOW + 900_000, 0), new Moment(Fixture.NOW, 900_000_000_000L))) {
            Route route = route(standing, unit, late);
            assertThat(route.line())
                    .containsExactly(
                            new Route.Step(CLOUD, Route.LEASE_EXPIRED), new Route.Step(EDGE, Route.EXPIRED_OFFLINE));
            assertThat(route.cohort()).isEqualTo(Cohort.COHORT_CANARY);
            assertThat(router.fallback(standing, late)).isEqualTo("lease-expired");
        }
        assertThat(router.fallback(standing, NOW)).isEmpty();
    }

    @Test
    void fallsBackToTheApprovedBuildFirst() {
        Directive.Builder directive = Fixture.directive(Mode.MODE_CANARY, 2)
                .setShareBp(10_000)
                .setLeased(true)
                .setApprovedBuild("edge-0");

        assertThat(route(Fixture.standing(directive), "u", NOW).line().getFirst())
                .isEqualTo(new Route.Step(
                        new Target(Role.ROLE_REFERENCE, new Target.Build("edge-0")), Route.LEASE_EXPIRED));
    }

    @Test
    void belongsToNoRolloutWithoutItsBuild() {
        for (Directive.Builder directive : List.of(
                Fixture.directive(Mode.MODE_SHADOW, 1)
                        .setChallenger(ModelRef.newBuilder().setBuild("edge-9")),
                Fixture.directive(Mode.MODE_SHADOW, 1)
                        .setChallenger(
                                ModelRef.newBuilder().setBuild("edge-1").putArtifactSha256("onnxruntime/cpu", "cc")),
                Fixture.directive(Mode.MODE_SHADOW, 1)
                        .setChampion(ModelRef.newBuilder().setFrontier("elsewhere")),
                // The build that a roll-back would lead to is away, or another.
                Fixture.directive(Mode.MODE_SHADOW, 1)
                        .setChampion(ModelRef.newBuilder().setBuild("edge-9")),
                Fixture.directive(Mode.MODE_CANARY, 1)
                        .setShareBp(10_000)
                        .setLeased(true)
                        .setChampion(ModelRef.newBuilder().setBuild("edge-9")),
                Fixture.directive(Mode.MODE_CANARY, 1)
                        .setShareBp(10_000)
                        .setLeased(true)
                        .setChampion(
                                ModelRef.newBuilder().setBuild("edge-0").putArtifactSha256("onnxruntime/cpu", "cc")),
                Fixture.directive(Mode.MODE_APPROVED, 1)
                        .setChampion(ModelRef.newBuilder().setBuild("edge-9")))) {
            Standing standing = Fixture.standing(directive);
            assertThat(route(standing, "u", NOW).orders()).isEmpty();
            assertThat(router.fallback(standing, NOW)).startsWith("ineligible:");
        }
    }

    @Test
    void takesAnEdgeBuildAsChampion() {
        Route route = route(
                Fixture.standing(Fixture.directive(Mode.MODE_SHADOW, 1)
                        .setChampion(ModelRef.newBuilder().setBuild("edge-0"))),
                "u",
                NOW);

        assertThat(targets(route).getFirst()).isEqualTo(new Target(Role.ROLE_CHAMPION, new Target.Build("edge-0")));
    }

    @Test
    void spreadsTheReturnOfTheCanaryUnitsAndNobodyElses() {
        Directive.Builder before =
                Fixture.directive(Mode.MODE_CANARY, 2).setShareBp(5_000).setLeased(true);
        Directive.Builder back = Fixture.directive(Mode.MODE_CHAMPION_ONLY, 3).setReturnSpreadSeconds(60);
        Standing standing = new Standing(
                Optional.of(new Order<>(Fixture.sign(back), back.build())),
                Optional.of(new Order<>(Fixture.sign(before), before.build())),
                Optional.empty(),
                Fixture.NOW,
                0);
        List<String> units = IntStream.range(0, 1000).mapToObj(i -> "user-" + i).toList();

        long atOnce = away(standing, units, 0);
        long half = away(standing, units, 30_000);
        assertThat(atOnce).isBetween(430L, 570L);
        assertThat(half).isBetween(atOnce / 2 - 70, atOnce / 2 + 70);
        assertThat(away(standing, units, 60_000)).isZero();
        assertThat(targets(route(standing, unit(before, false), NOW))).containsExactly(CLOUD);
    }

    private long away(Standing standing, List<String> units, long afterMs) {
        Moment then = new Moment(Fixture.NOW + afterMs, 0);
        return units.stream()
                .filter(unit -> targets(route(standing, unit, then)).getFirst().equals(EDGE))
                .count();
    }
}
