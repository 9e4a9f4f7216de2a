// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.demo.Decision;
import io.edgewise.demo.Ending;
import io.edgewise.demo.Interval;
import io.edgewise.demo.RolloutState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what the REST API says about rollouts.
final class RolloutReader {
    private static final String BREACH = "BREACH";

    private RolloutReader() {}

    static RolloutState state(JsonNode json) {
        List<RolloutState.Verdict> verdicts = new ArrayList<>();
        for (JsonNode verdict : json.path("verdicts")) {
            verdicts.add(verdict(verdict));
        }
        return new RolloutState(
                id(json),
                json.path("phase").asText(),
                json.path("stage").asInt(),
                json.path("stageName").asText(),
                json.path("shareBp").asInt(),
                Instant.parse(json.path("stageSince").asText()),
                ending(json.path("phase").asText()),
                json.path("lastDecision").asText(""),
                json.path("outlook").asText(""),
                verdicts);
    }

    static String id(JsonNode rollout) {
        return rollout.path("rollout").asText();
    }

    static boolean isRunning(JsonNode rollout) {
        return ending(rollout.path("phase").asText()).isEmpty();
    }

    static Decision decision(JsonNode line) {
        List<String> breached = new ArrayList<>();
        line.path("detail").path("guardrails").properties().forEach(guardrail -> {
            if (guardrail.getValue().path("verdict").asText().equals(BREACH)) {
                breached.add(guardrail.getKey());
            }
        });
        return new Decision(
                line.path("number").asLong(),
                Instant.parse(line.path("at").asText()),
                line.path("kind").asText(),
                line.path("actor").asText(),
                line.path("stage").asInt(),
                line.path("shareBp").asInt(),
                line.path("sentence").asText(),
                breached);
    }

    private static Optional<Ending> ending(String phase) {
        return switch (phase) {
            case "completed" -> Optional.of(Ending.COMPLETED);
            case "rolled_back" -> Optional.of(Ending.ROLLED_BACK);
            case "aborted" -> Optional.of(Ending.ABORTED);
            default -> Optional.empty();
        };
    }

    private static RolloutState.Verdict verdict(JsonNode json) {
        JsonNode low = json.path("low");
        JsonNode high = json.path("high");
        Optional<Interval> interval = json.path("estimate").isNumber() && low.isNumber() && high.isNumber()
                ? Optional.of(new Interval(
                        json.path("estimate").doubleValue(),
                        low.doubleValue(),
                        high.doubleValue(),
                        json.path("observations").asLong()))
                : Optional.empty();
        return new RolloutState.Verdict(
                json.path("guardrail").asText(),
                json.path("title").asText(),
                json.path("verdict").asText(),
                interval,
                json.path("neededObservations").asLong(),
                json.path("sentence").asText());
    }
}
