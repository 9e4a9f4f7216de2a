// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.drift.Moved;
import java.util.ArrayList;
import java.util.List;

/// What is stored and sent.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static JsonNode tree(String stored) {
        try {
            return MAPPER.readTree(stored);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored JSON cannot be read: " + stored, e);
        }
    }

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }

    static ArrayNode moved(List<Moved> moved) {
        ArrayNode array = array();
        for (Moved each : moved) {
            array.addObject()
                    .put("range", each.range())
                    .put("before", each.before())
                    .put("now", each.now())
                    .put("part", each.part());
        }
        return array;
    }

    static List<Moved> moved(String stored) {
        List<Moved> moved = new ArrayList<>();
        for (JsonNode each : tree(stored)) {
            moved.add(new Moved(
                    each.path("range").asText(),
                    each.path("before").asDouble(),
                    each.path("now").asDouble(),
                    each.path("part").asDouble()));
        }
        return moved;
    }
}
