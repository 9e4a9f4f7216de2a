// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/// Redacts the texts in the body of an OpenAI-compatible request, wherever they stand in it, and puts
/// back what an answer repeats. A body without anything to redact stays as it is, byte for byte.
public final class ChatRedaction {
    /// Words of the protocol, not of people.
    private static final Set<String> PROTOCOL = Set.of("model", "role", "type", "tool_call_id");

    /// A picture or a file in place; its letters say nothing. What only begins like one is a text.
    private static final Pattern DATA =
            Pattern.compile("data:[\\w.+-]+/[\\w.+-]+(;[\\w.+-]+=[\\w.+-]+)?;base64,[A-Za-z0-9+/]+={0,2}");

    /// What another reader would see elsewhere in the same bytes would leave as it is.
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ChatRedaction() {}

    /// Throws when the body cannot be read: what cannot be redacted must not leave.
    public static byte[] redact(byte[] body, Redactor.Session session) throws IOException {
        JsonNode tree = JSON.readTree(body);
        if (tree == null || tree.isMissingNode()) {
            throw new IOException("the request has no JSON body");
        }
        JsonNode redacted = redact("", tree, session);
        return session.isEmpty() ? body : JSON.writeValueAsBytes(redacted);
    }

    private static JsonNode redact(String name, JsonNode node, Redactor.Session session) {
        if (node.isTextual()) {
            boolean stays =
                    PROTOCOL.contains(name) || DATA.matcher(node.textValue()).matches();
            return stays ? node : JsonNodeFactory.instance.textNode(session.redact(node.textValue()));
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties()
                    .forEach(field -> copy.set(field.getKey(), redact(field.getKey(), field.getValue(), session)));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> copy.add(redact(name, element, session)));
            return copy;
        }
        return node;
    }

    /// The answer's body with the texts where it repeats their placeholders.
    public static byte[] restore(byte[] body, Map<String, String> behind) {
        if (behind.isEmpty()) {
            return body;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        for (Map.Entry<String, String> entry : behind.entrySet()) {
            text = text.replace(entry.getKey(), escaped(entry.getValue()));
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        try {
            String quoted = JSON.writeValueAsString(text);
            return quoted.substring(1, quoted.length() - 1);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text cannot be written as JSON", e);
        }
    }
}
