// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.Opinion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `POST /v1/feedback`: what somebody thinks of an answer, by its observation id or its token; one of the two is empty.
public record FeedbackCall(String observation, String token, Opinion opinion) {
    private static final Set<String> KNOWN = Set.of("observation_id", "token", "thumb", "correction", "score");
    private static final int LONGEST_TOKEN = 1024;

    public static FeedbackCall read(byte[] body) throws ApiFailure {
        ObjectNode call = StrictJson.object(body);
        for (var entry : call.properties()) {
            if (!KNOWN.contains(entry.getKey())) {
                throw ApiFailure.invalid(
                        entry.getKey(),
                        "Unknown field; send 'observation_id' or 'token', and one of 'thumb', 'correction', 'score'.");
            }
        }
        String observation = text(call, "observation_id");
        String token = text(call, "token");
        if (observation.isEmpty() == token.isEmpty()) {
            throw ApiFailure.invalid(
                    "observation_id",
                    "Send either 'observation_id' (header X-Edgewise-Observation) or 'token' (header"
                            + " X-Edgewise-Feedback-Token) of the answer.");
        }
        List<Opinion> opinions = new ArrayList<>();
        if (call.has("thumb")) {
            opinions.add(thumb(call));
        }
        if (call.has("correction")) {
            opinions.add(new Opinion.Truth(text(call, "correction")));
        }
        if (call.has("score")) {
            opinions.add(score(call.path("score")));
        }
        if (opinions.size() != 1) {
            throw ApiFailure.invalid("thumb", "Send exactly one of 'thumb', 'correction' and 'score'.");
        }
        return new FeedbackCall(observation, token, opinions.getFirst());
    }

    private static String text(ObjectNode call, String name) throws ApiFailure {
        JsonNode value = call.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual() || value.textValue().length() > LONGEST_TOKEN) {
            throw ApiFailure.invalid(name, "'" + name + "' must be a text of at most 1024 characters.");
        }
        return value.textValue();
    }

    private static Opinion thumb(ObjectNode call) throws ApiFailure {
        return switch (text(call, "thumb")) {
            case "up" -> new Opinion.Thumbs(true);
            case "down" -> new Opinion.Thumbs(false);
            default -> throw ApiFailure.invalid("thumb", "'thumb' must be \"up\" or \"down\".");
        };
    }

    private static Opinion score(JsonNode value) throws ApiFailure {
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            throw ApiFailure.invalid("score", "'score' must be a number from 0 to 1.");
        }
        return new Opinion.Score(value.doubleValue());
    }
}
