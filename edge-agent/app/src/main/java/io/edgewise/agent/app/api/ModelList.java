// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SequencedMap;

/// `/v1/models`: what this agent answers for, with who owns it.
public record ModelList(SequencedMap<String, String> owners, long createdSeconds) {
    public byte[] all() {
        ObjectNode list = StrictJson.JSON.createObjectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (Map.Entry<String, String> model : owners.entrySet()) {
            data.add(model(model.getKey(), model.getValue()));
        }
        return list.toString().getBytes(StandardCharsets.UTF_8);
    }

    public byte[] one(String name) throws ApiFailure {
        String owner = owners.get(name);
        if (owner == null) {
            throw ApiFailure.noModel(name, String.join(", ", owners.keySet()));
        }
        return model(name, owner).toString().getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode model(String name, String owner) {
        return StrictJson.JSON
                .createObjectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", createdSeconds)
                .put("owned_by", owner);
    }
}
