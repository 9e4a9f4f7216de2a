// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// The tools that an answer calls, from a message or piece by piece from a stream, written so that the
/// same calls are the same text: names and arguments only, since ids are made up anew each time, with
/// sorted keys, in one order. Arguments that are not JSON stay the text that they are.
final class ToolCalls {
    private final TreeMap<Integer, Call> calls = new TreeMap<>();
    private int size;

    private static final class Call {
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
    }

    /// A message, or a stream's next piece of one. In a message the calls are numbered by their place.
    void add(JsonNode message) {
        int place = 0;
        for (JsonNode call : message.path("tool_calls")) {
            add(call.path("index").asInt(place), call.path("function"));
            place++;
        }
        if (message.path("function_call").isObject()) {
            add(0, message.path("function_call"));
        }
    }

    private void add(int index, JsonNode function) {
        Call call = calls.computeIfAbsent(index, _ -> new Call());
        String name = function.path("name").asText("");
        JsonNode given = function.path("arguments");
        String arguments = given.isContainerNode() ? given.toString() : given.asText("");
        call.name.append(name);
        call.arguments.append(arguments);
        size += name.length() + arguments.length();
    }

    /// Characters so far.
    int size() {
        return size;
    }

    /// Empty where no tool is called.
    Optional<String> text() {
        return calls.isEmpty()
                ? Optional.empty()
                : Optional.of(calls.values().stream()
                        .map(ToolCalls::text)
                        .sorted()
                        .collect(Collectors.joining(",", "[", "]")));
    }

    private static String text(Call call) {
        ObjectNode text = JsonNodeFactory.instance.objectNode();
        text.set("arguments", arguments(call.arguments.toString()));
        return text.put("name", call.name.toString()).toString();
    }

    private static JsonNode arguments(String said) {
        try {
            JsonNode read = CompletionReader.JSON.readTree(said);
            return read == null || read.isMissingNode() ? JsonNodeFactory.instance.objectNode() : sorted(read);
        } catch (IOException e) {
            return JsonNodeFactory.instance.textNode(said);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            List<String> names = StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
                    .sorted()
                    .toList();
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            names.forEach(name -> sorted.set(name, sorted(node.path(name))));
            return sorted;
        }
        if (node.isArray()) {
            ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> sorted.add(sorted(element)));
            return sorted;
        }
        return node;
    }
}
