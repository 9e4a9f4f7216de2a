// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Answers that are JSON, bare or as models like to write it: in a fenced block of Markdown and nothing
/// else.
final class Structured {
    private static final String FENCE = "```";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Structured() {}

    /// Maps, lists and values; empty for what is no JSON object or array.
    static Optional<Object> tree(String said) {
        try {
            JsonNode read = JSON.readTree(bare(said));
            return read == null || !read.isContainerNode()
                    ? Optional.empty()
                    : Optional.of(JSON.convertValue(read, Object.class));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The items of a JSON array of texts and numbers.
    static Optional<List<String>> items(String said) {
        if (!(tree(said).orElse("") instanceof List<?> list)) {
            return Optional.empty();
        }
        List<String> items = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof String || item instanceof Number)) {
                return Optional.empty();
            }
            items.add(item.toString());
        }
        return Optional.of(items);
    }

    private static String bare(String said) {
        String text = said.strip();
        int line = text.indexOf('\n');
        boolean isFenced = text.startsWith(FENCE) && text.endsWith(FENCE) && line > 0 && text.length() > line + 3;
        return isFenced ? text.substring(line + 1, text.length() - FENCE.length()) : text;
    }
}
