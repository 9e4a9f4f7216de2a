// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The Open Inference Protocol v2 for a classifier of texts: one BYTES tensor "text" in; for each of its elements a
/// label, its probability (null where the arm has none), the arm and the observation id out.
public record InferCall(
        String id, List<String> texts, Set<String> outputs, Optional<String> unit, Optional<String> consent) {
    private static final String INPUT = "text";
    private static final int MOST = 64;
    private static final int LONGEST_TEXT = 65_536;
    private static final List<String> OUTPUTS = List.of("label", "probability", "arm", "observation_id");

    public static InferCall read(byte[] body) throws ApiFailure {
        ObjectNode call = StrictJson.object(body);
        JsonNode inputs = call.path("inputs");
        JsonNode input = inputs.path(0);
        if (inputs.size() != 1
                || !input.path("name").asText("").equals(INPUT)
                || !input.path("datatype").asText("").equals("BYTES")) {
            throw ApiFailure.invalid("inputs", "Send one input, named \"text\" and of datatype BYTES.");
        }
        List<String> texts = texts(input.path("data"));
        JsonNode shape = input.path("shape");
        long elements = 1;
        for (JsonNode each : shape) {
            elements *= Math.clamp(each.asLong(-1), -1, MOST + 1);
        }
        if (!shape.isArray() || shape.isEmpty() || shape.size() > 2 || elements != texts.size()) {
            throw ApiFailure.invalid(
                    "inputs[0].shape",
                    "The shape does not fit the " + texts.size() + " elements of data; write [" + texts.size() + "].");
        }
        Set<String> outputs = new java.util.LinkedHashSet<>();
        for (JsonNode output : call.path("outputs")) {
            String name = output.path("name").asText("");
            if (!OUTPUTS.contains(name)) {
                throw ApiFailure.invalid("outputs", "There is no output of that name; there are " + OUTPUTS + ".");
            }
            outputs.add(name);
        }
        JsonNode parameters = call.path("parameters");
        return new InferCall(
                call.path("id").asText(""),
                texts,
                outputs.isEmpty() ? Set.copyOf(OUTPUTS) : Set.copyOf(outputs),
                Optional.of(parameters.path("unit").asText("")).filter(unit -> !unit.isBlank()),
                Optional.of(parameters.path("consent").asText("")).filter(said -> !said.isBlank()));
    }

    private static List<String> texts(JsonNode data) throws ApiFailure {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : data) {
            boolean isFine = element.isTextual()
                    && !element.textValue().isBlank()
                    && element.textValue().length() <= LONGEST_TEXT;
            if (!isFine) {
                throw ApiFailure.invalid(
                        "inputs[0].data",
                        "Element " + texts.size() + " must be a text of 1 to " + LONGEST_TEXT + " characters.");
            }
            texts.add(element.textValue());
        }
        if (!data.isArray() || texts.isEmpty() || texts.size() > MOST) {
            throw ApiFailure.invalid("inputs[0].data", "Send 1 to " + MOST + " texts, not " + texts.size() + ".");
        }
        return texts;
    }

    /// The answer to this call.
    public byte[] answer(String model, String version, List<Answer> answers) {
        ObjectNode whole = StrictJson.JSON.createObjectNode();
        whole.put("model_name", model).put("model_version", version);
        if (!id.isEmpty()) {
            whole.put("id", id);
        }
        ArrayNode tensors = whole.putArray("outputs");
        for (String name : OUTPUTS) {
            if (outputs.contains(name)) {
                ArrayNode data = tensor(tensors, name, answers.size());
                answers.forEach(answer -> add(data, name, answer));
            }
        }
        return whole.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void add(ArrayNode data, String name, Answer answer) {
        switch (name) {
            case "label" -> data.add(answer.label());
            case "probability" -> {
                if (answer.confidence().isPresent()) {
                    data.add(answer.confidence().getAsDouble());
                } else {
                    data.addNull();
                }
            }
            case "arm" -> data.add(answer.details().who());
            default -> data.add(answer.observationId());
        }
    }

    private static ArrayNode tensor(ArrayNode tensors, String name, int size) {
        ObjectNode tensor = tensors.addObject();
        tensor.put("name", name).put("datatype", type(name)).putArray("shape").add(size);
        return tensor.putArray("data");
    }

    private static String type(String name) {
        return name.equals("probability") ? "FP64" : "BYTES";
    }

    /// `GET /v2/models/{name}`.
    public static byte[] metadata(String name, String version, String platform) {
        ObjectNode answer = StrictJson.JSON.createObjectNode();
        answer.put("name", name);
        answer.putArray("versions").add(version);
        answer.put("platform", platform);
        ObjectNode input = answer.putArray("inputs").addObject();
        input.put("name", INPUT).put("datatype", "BYTES").putArray("shape").add(-1);
        ArrayNode outputs = answer.putArray("outputs");
        for (String output : OUTPUTS) {
            outputs.addObject()
                    .put("name", output)
                    .put("datatype", type(output))
                    .putArray("shape")
                    .add(-1);
        }
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }
}
