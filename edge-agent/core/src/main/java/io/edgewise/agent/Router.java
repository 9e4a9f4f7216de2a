// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.Standing;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Decides who serves a request. Pure: what is obeyed, what the device has, the unit, the observation's
/// id and the moment give the route.
final class Router {
    private final Supplier<Inventory> shelf;

    Router(Inventory inventory) {
        this(() -> inventory);
    }

    /// With an inventory that may change between two requests.
    Router(Supplier<Inventory> shelf) {
        this.shelf = shelf;
    }

    private Inventory inventory() {
        return shelf.get();
    }

    Route route(Standing standing, String unit, byte[] observation, Moment now) {
        if (standing.directive().isEmpty()) {
            return alone(unit);
        }
        Directive directive = standing.directive().get().content();
        if (!inventory().obstacle(directive).isEmpty()) {
            return alone(unit);
        }
        long hash = Assignment.unitHash(directive.getSalt(), unit);
        return switch (directive.getMode()) {
            case MODE_CHAMPION_ONLY -> championOnly(standing, directive, hash, now);
            case MODE_SHADOW -> paired(directive, hash, false, directive.getPairingControlBp(), observation);
            case MODE_CANARY ->
                directive.getLeased() && !standing.hasLiveLease(now)
                        ? expired(directive, hash)
                        : canary(directive, hash, observation);
            case MODE_APPROVED -> paired(directive, hash, true, directive.getPairingCanaryBp(), observation);
            case MODE_UNSPECIFIED, UNRECOGNIZED -> alone(unit);
        };
    }

    /// Why the mode is not followed to the letter; empty when it is.
    String fallback(Standing standing, Moment now) {
        if (standing.directive().isEmpty()) {
            return "";
        }
        Directive directive = standing.directive().get().content();
        String obstacle = inventory().obstacle(directive);
        if (!obstacle.isEmpty()) {
            return "ineligible:" + obstacle;
        }
        return directive.getMode() == Mode.MODE_CANARY && directive.getLeased() && !standing.hasLiveLease(now)
                ? Route.LEASE_EXPIRED
                : "";
    }

    private Route alone(String unit) {
        return new Route(
                Optional.empty(),
                Cohort.COHORT_CONTROL,
                Assignment.unitHash("", unit),
                List.of(new Route.Step(inventory().own(Role.ROLE_CHAMPION), "")),
                Optional.empty(),
                Route.Pairing.NONE);
    }

    private Route canary(Directive directive, long hash, byte[] observation) {
        boolean isCanary = Assignment.isCanary(hash, directive.getShareBp());
        int rate = isCanary ? directive.getPairingCanaryBp() : directive.getPairingControlBp();
        return paired(directive, hash, isCanary, rate, observation);
    }

    private Route paired(Directive directive, long hash, boolean isCanary, int rate, byte[] observation) {
        Target champion = champion(directive);
        Target challenger = challenger(directive);
        Target assigned = isCanary ? challenger : champion;
        Target other = isCanary ? champion : challenger;
        Route route = new Route(
                Optional.of(directive),
                isCanary ? Cohort.COHORT_CANARY : Cohort.COHORT_CONTROL,
                hash,
                List.of(new Route.Step(assigned, ""), new Route.Step(other, "")),
                Optional.of(other),
                new Route.Pairing(Assignment.isPaired(observation, rate), rate));
        boolean isHybrid = isCanary
                && directive.hasHybrid()
                && assigned.who() instanceof Target.Build
                && other.who() instanceof Target.Frontier;
        return isHybrid ? route.trusting(directive.getHybrid()) : route;
    }

    private Route championOnly(Standing standing, Directive directive, long hash, Moment now) {
        Optional<Target> returning = returning(standing, directive, hash, now);
        List<Route.Step> line = new ArrayList<>();
        returning.ifPresent(target -> line.add(new Route.Step(target, Route.RETURNING)));
        line.add(new Route.Step(champion(directive), ""));
        approved(directive).ifPresent(target -> add(line, target, ""));
        return new Route(
                Optional.of(directive),
                returning.isPresent() ? Cohort.COHORT_CANARY : Cohort.COHORT_CONTROL,
                hash,
                List.copyOf(line),
                Optional.empty(),
                Route.Pairing.NONE);
    }

    /// The arm that a canary unit still meets while its turn to return has not come.
    private Optional<Target> returning(Standing standing, Directive directive, long hash, Moment now) {
        if (directive.getReturnSpreadSeconds() <= 0 || standing.before().isEmpty()) {
            return Optional.empty();
        }
        Directive before = standing.before().get().content();
        boolean served = before.getMode() == Mode.MODE_APPROVED
                || before.getMode() == Mode.MODE_CANARY && Assignment.isCanary(hash, before.getShareBp());
        long turnMs = directive.getReturnSpreadSeconds() * 1000L * Assignment.returnTurn(hash) / Assignment.ALL;
        boolean waits = now.wallMs() >= standing.sinceMs() && now.wallMs() - standing.sinceMs() < turnMs;
        return served && waits && before.getRollout().equals(directive.getRollout())
                ? inventory().target(Role.ROLE_CHALLENGER, before.getChallenger())
                : Optional.empty();
    }

    /// A canary whose lease has run out. Canary units: the approved build, else the champion. Control
    /// units keep the champion. The challenger answers only when nothing else does.
    private Route expired(Directive directive, long hash) {
        boolean isCanary = Assignment.isCanary(hash, directive.getShareBp());
        String reason = isCanary ? Route.LEASE_EXPIRED : "";
        List<Route.Step> line = new ArrayList<>();
        if (isCanary) {
            approved(directive).ifPresent(target -> line.add(new Route.Step(target, reason)));
        }
        add(line, champion(directive), reason);
        add(line, challenger(directive), Route.EXPIRED_OFFLINE);
        return new Route(
                Optional.of(directive),
                isCanary ? Cohort.COHORT_CANARY : Cohort.COHORT_CONTROL,
                hash,
                List.copyOf(line),
                Optional.empty(),
                Route.Pairing.NONE);
    }

    private static void add(List<Route.Step> line, Target target, String reason) {
        if (line.stream().noneMatch(step -> step.target().who().equals(target.who()))) {
            line.add(new Route.Step(target, reason));
        }
    }

    private Target champion(Directive directive) {
        return inventory()
                .target(Role.ROLE_CHAMPION, directive.getChampion())
                .orElseGet(() -> inventory().own(Role.ROLE_CHAMPION));
    }

    private Target challenger(Directive directive) {
        return inventory()
                .target(Role.ROLE_CHALLENGER, directive.getChallenger())
                .orElseThrow(() -> new IllegalStateException(
                        "revision " + directive.getRevision() + " has a challenger that this device has not"));
    }

    private Optional<Target> approved(Directive directive) {
        String build = directive.getApprovedBuild();
        if (build.isEmpty()) {
            return Optional.empty();
        }
        if (directive.getChampion().getBuild().equals(build)) {
            return inventory().build(Role.ROLE_CHAMPION, build);
        }
        return inventory()
                .build(
                        directive.getChallenger().getBuild().equals(build) ? Role.ROLE_CHALLENGER : Role.ROLE_REFERENCE,
                        build);
    }
}
