// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.contracts.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Bends a route to what this request and this device allow. Pure. Strictest last: whatever bent it
/// before, a text that must not leave the device finds no frontier on its way.
final class Detours {
    static final String LOW_BATTERY = "low-battery";
    static final String ON_DEVICE = "on-device";
    static final String TOOLS = "tools";

    private final Policies.Routing policy;
    private final Supplier<Inventory> inventory;
    private final Predicate<Target> callsTools;

    /// With who may be asked to call tools.
    Detours(Policies.Routing policy, Supplier<Inventory> inventory, Predicate<Target> callsTools) {
        this.policy = policy;
        this.inventory = inventory;
        this.callsTools = callsTools;
    }

    Route bend(Route route, Situation situation) {
        Route bent = hybrid(route, situation);
        if (situation.state().isBelow(policy.lowBattery())) {
            bent = frontierFirst(bent, LOW_BATTERY);
        }
        if (situation.request().terms().consent() != Consent.GRANTED) {
            bent = bent.unpaired();
        }
        Route placed = situation.privacy() == PrivacyClass.ON_DEVICE ? onDevice(bent) : bent;
        return situation.request().chat().filter(Chat::wantsTools).isPresent() ? toCallers(placed) : placed;
    }

    /// Without who cannot do what the request asks for. That is nobody's failure, and no pair.
    private Route toCallers(Route route) {
        List<Route.Step> line = new ArrayList<>(route.line());
        line.removeIf(step -> !callsTools.test(step.target()));
        boolean isAssigned =
                line.isEmpty() || line.getFirst().equals(route.line().getFirst());
        if (isAssigned) {
            Route able = route.along(line, route.mirror());
            return route.mirror().filter(callsTools).isPresent() ? able : able.unpaired();
        }
        line.set(0, new Route.Step(line.getFirst().target(), Route.ESCALATED + TOOLS));
        return route.along(line, Optional.empty()).unpaired().escalating(TOOLS);
    }

    private static Route hybrid(Route route, Situation situation) {
        if (route.trust().isEmpty()) {
            return route;
        }
        String why = Hybrids.before(route.trust().get(), route.unitHash(), situation.request(), situation.guess());
        return why.isEmpty()
                ? route
                : frontierFirst(route, Route.ESCALATED + why).escalating(why);
    }

    /// The first frontier in line answers before the builds; the order is kept otherwise.
    private static Route frontierFirst(Route route, String reason) {
        Optional<Route.Step> frontier =
                route.line().stream().filter(Detours::isFrontier).findFirst();
        boolean isFirst =
                frontier.isEmpty() || frontier.get().equals(route.line().getFirst());
        if (isFirst) {
            return route;
        }
        List<Route.Step> line = new ArrayList<>();
        line.add(new Route.Step(frontier.get().target(), reason));
        route.line().stream().filter(step -> !step.equals(frontier.get())).forEach(line::add);
        Optional<Target> mirror = Optional.of(route.line().getFirst().target())
                .filter(other -> route.mirror().isPresent());
        return route.along(line, mirror);
    }

    private Route onDevice(Route route) {
        List<Route.Step> line = new ArrayList<>(
                route.line().stream().filter(step -> !isFrontier(step)).toList());
        if (line.isEmpty()) {
            policy.home()
                    .flatMap(home -> inventory.get().build(Role.ROLE_REFERENCE, home))
                    .ifPresent(home -> line.add(new Route.Step(home, ON_DEVICE)));
        }
        boolean mirrorsHere = route.mirror().isPresent()
                && !isFrontier(route.mirror().get())
                && line.stream()
                        .noneMatch(step -> step.target().equals(route.mirror().get()));
        Route bent = route.along(line, route.mirror()).trusting();
        return mirrorsHere ? bent : bent.unpaired();
    }

    private static boolean isFrontier(Route.Step step) {
        return isFrontier(step.target());
    }

    private static boolean isFrontier(Target target) {
        return target.who() instanceof Target.Frontier;
    }
}
