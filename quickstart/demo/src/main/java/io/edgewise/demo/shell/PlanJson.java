// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.demo.DemoPlan;
import io.edgewise.demo.PlannedGuardrail;
import io.edgewise.demo.PlannedStage;

/// The demo's plan as the REST API takes it.
final class PlanJson {
    private PlanJson() {}

    static ObjectNode of(DemoPlan plan, String name) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("name", name);
        ArrayNode stages = json.putArray("stages");
        plan.stages().forEach(stage -> stage(stages.addObject(), stage));
        ArrayNode guardrails = json.putArray("guardrails");
        double weight = 1.0 / plan.guardrails().size();
        plan.guardrails().forEach(guardrail -> guardrail(guardrails.addObject(), guardrail, weight));
        json.putArray("truth").add("FEEDBACK");
        return json;
    }

    private static void stage(ObjectNode json, PlannedStage stage) {
        json.put("name", stage.name())
                .put("shareBp", stage.shareBp())
                .put("minSeconds", stage.atLeast().toSeconds())
                .put("maxSeconds", stage.atMost().toSeconds())
                .put("minObservations", stage.observations())
                .put("minDevices", stage.devices())
                .put("pairingCanaryBp", stage.pairingCanaryBp())
                .put("pairingControlBp", stage.pairingControlBp())
                .put("onUndecided", stage.onUndecided());
        stage.gates().forEach(json.putObject("gates")::put);
    }

    private static void guardrail(ObjectNode json, PlannedGuardrail guardrail, double weight) {
        json.put("name", guardrail.name())
                .put("kind", guardrail.kind())
                .put("limit", guardrail.limit())
                .put("weight", weight)
                .put("minObservations", guardrail.observations());
        guardrail.hardLimit().ifPresent(limit -> json.put("hardLimit", limit));
    }
}
