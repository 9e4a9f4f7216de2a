// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell.frontier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// The Open Inference Protocol v2: a BYTES tensor "text" in, a label and its probability for each of its elements out.
final class InferenceFace {
    private static final String INPUT = "text";
    private static final int MOST = 64;

    private final FrontierModel model;
    private final ObjectMapper json;

    InferenceFace(FrontierModel model, ObjectMapper json) {
        this.model = model;
        this.json = json;
    }

    ObjectNode live() {
        return json.createObjectNode().put("live", true);
    }

    ObjectNode ready() {
        return json.createObjectNode().put("ready", true);
    }

    ObjectNode metadata(String name) throws Refused {
        requireModel(name);
        ObjectNode answer = json.createObjectNode();
        answer.put("name", model.name());
        answer.putArray("versions").add(model.fingerprint());
        answer.put("platform", model.platform());
        tensor(answer.putArray("inputs").addObject(), INPUT, "BYTES");
        ArrayNode outputs = answer.putArray("outputs");
        tensor(outputs.addObject(), "label", "BYTES");
        tensor(outputs.addObject(), "probability", "FP64");
        return answer;
    }

    private static void tensor(ObjectNode into, String name, String type) {
        into.put("name", name).put("datatype", type).putArray("shape").add(-1);
    }

    ObjectNode infer(String name, JsonNode request) throws Refused {
        requireModel(name);
        List<String> texts = texts(request);
        ObjectNode answer = json.createObjectNode();
        answer.put("model_name", model.name());
        answer.put("model_version", model.fingerprint());
        if (request.path("id").isTextual()) {
            answer.put("id", request.path("id").textValue());
        }
        ArrayNode outputs = answer.putArray("outputs");
        ArrayNode labels = output(outputs, "label", "BYTES", texts.size());
        ArrayNode probabilities = output(outputs, "probability", "FP64", texts.size());
        for (String text : texts) {
            FrontierModel.Choice choice = model.answer(text, OptionalDouble.empty());
            labels.add(choice.label());
            probabilities.add(choice.probability());
        }
        return answer;
    }

    private static ArrayNode output(ArrayNode outputs, String name, String type, int size) {
        ObjectNode output = outputs.addObject();
        output.put("name", name).put("datatype", type).putArray("shape").add(size);
        return output.putArray("data");
    }

    private static List<String> texts(JsonNode request) throws Refused {
        JsonNode input = request.path("inputs").path(0);
        if (!input.path("name").asText().equals(INPUT)
                || !input.path("datatype").asText().equals("BYTES")) {
            throw Refused.invalid("inputs", "The first input must be named \"" + INPUT + "\" and be of type BYTES.");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : input.path("data")) {
            if (!element.isTextual() || element.textValue().isBlank()) {
                throw Refused.invalid("inputs[0].data", "Element " + texts.size() + " is not a text: " + element);
            }
            texts.add(element.textValue());
        }
        if (texts.isEmpty() || texts.size() > MOST) {
            throw Refused.invalid("inputs[0].data", "Send 1 to " + MOST + " texts, not " + texts.size() + ".");
        }
        if (input.path("shape").path(0).asInt(-1) != texts.size()) {
            throw Refused.invalid(
                    "inputs[0].shape",
                    "The shape " + input.path("shape") + " does not fit the " + texts.size() + " elements of data.");
        }
        return texts;
    }

    private void requireModel(String name) throws Refused {
        if (!name.equals(model.name())) {
            throw Refused.noModel(name, model.name());
        }
    }

    /// The protocol's errors are one text.
    ObjectNode error(Refused refused) {
        return json.createObjectNode().put("error", refused.getMessage());
    }
}
