// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.console.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The stages of a plan as the controller publishes it.
final class PlanJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanJson() {}

    /// Empty where the plan cannot be read: the page then shows the present stage alone.
    static List<Rows.PlanStage> stages(String plan) {
        try {
            List<Rows.PlanStage> stages = new ArrayList<>();
            for (JsonNode stage : JSON.readTree(plan).path("stages")) {
                stages.add(new Rows.PlanStage(
                        stage.path("name").asText("stage " + stages.size()),
                        stage.path("shareBp").asInt(0),
                        Duration.ofSeconds(stage.path("minSeconds").asLong(0))));
            }
            return stages;
        } catch (JsonProcessingException e) {
            return List.of();
        }
    }
}
