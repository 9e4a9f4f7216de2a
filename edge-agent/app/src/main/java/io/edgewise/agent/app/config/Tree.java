// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What was said: the file's values by path, with the environment's over them. Collects faults instead of stopping at
/// the first.
final class Tree {
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 16;
    private static final int FAR = 3;

    private final Map<String, JsonNode> values = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    static Tree read(String yaml, Map<String, String> environment) {
        Tree tree = new Tree();
        try (JsonParser parser = YAML.createParser(yaml)) {
            JsonNode root = parser.nextToken() == null ? NODES.nullNode() : node(parser, 0);
            if (root instanceof ObjectNode object) {
                tree.walk("", object);
            } else if (!root.isNull()) {
                tree.faults.add("the file is not a table of settings; begin with \"device: …\"");
            }
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            tree.faults.add(where + e.getOriginalMessage().lines().findFirst().orElse("not YAML"));
        } catch (IOException e) {
            tree.faults.add("the file cannot be read as YAML: " + e.getMessage());
        }
        tree.override(environment);
        return tree;
    }

    /// One table of a list, read as if it stood at this path.
    static Tree of(String path, JsonNode table) {
        Tree tree = new Tree();
        if (table instanceof ObjectNode object) {
            tree.walk(path, object);
        } else {
            tree.faults.add(path + ": must be a table, not " + table);
        }
        return tree;
    }

    /// Every value as it is written: a key of digits stays what it is, and does not become a number.
    private static JsonNode node(JsonParser parser, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("it is nested more than " + DEEPEST + " deep");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    var _ = parser.nextToken();
                    object.set(name, node(parser, depth + 1));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(node(parser, depth + 1));
                }
                yield array;
            }
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.textNode(parser.getText());
        };
    }

    private void walk(String path, ObjectNode object) {
        object.properties().forEach(entry -> {
            String child = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            Optional<Key> key = key(child);
            if (key.isPresent()) {
                values.put(child, entry.getValue());
            } else if (entry.getValue() instanceof ObjectNode inner && isInner(child)) {
                walk(child, inner);
            } else if (isInner(child)) {
                faults.add("\"" + child + "\" must be a table of settings, not " + entry.getValue());
            } else {
                faults.add(unknown(child));
            }
        });
    }

    private static Optional<Key> key(String path) {
        return Keys.ALL.stream().filter(key -> key.path().equals(path)).findFirst();
    }

    private static boolean isInner(String path) {
        return Keys.ALL.stream().anyMatch(key -> key.path().startsWith(path + "."));
    }

    private void override(Map<String, String> environment) {
        for (Key key : Keys.ALL) {
            String value = environment.get(key.variable());
            boolean isWord = key.kind() != Key.Kind.TABLE && key.kind() != Key.Kind.TABLES;
            if (value != null && isWord) {
                values.put(key.path(), NODES.textNode(value));
            }
            String file = environment.get(key.variable() + "_FILE");
            if (file != null && key.kind() == Key.Kind.SECRET) {
                values.put(key.path(), NODES.objectNode().put(Reading.FILE, file));
            }
        }
        environment.keySet().stream()
                .filter(name -> name.startsWith(Key.ENVIRONMENT))
                .filter(name -> Keys.ALL.stream()
                        .noneMatch(key -> name.equals(key.variable())
                                || name.equals(key.variable() + "_FILE") && key.kind() == Key.Kind.SECRET))
                .sorted()
                .forEach(name -> faults.add("the environment sets " + name + ", which is no setting; unset it"));
    }

    private static String unknown(String path) {
        return Keys.ALL.stream()
                .flatMap(key -> beginnings(key.path()))
                .distinct()
                .min((a, b) -> Integer.compare(distance(a, path), distance(b, path)))
                .filter(nearest -> distance(nearest, path) <= FAR)
                .map(nearest -> "\"" + path + "\" is no setting; did you mean \"" + nearest + "\"?")
                .orElse("\"" + path + "\" is no setting; docs/agent.md lists all of them");
    }

    /// "a.b.c" → "a", "a.b", "a.b.c"
    private static Stream<String> beginnings(String path) {
        return IntStream.rangeClosed(1, path.length())
                .filter(end -> end == path.length() || path.charAt(end) == '.')
                .mapToObj(end -> path.substring(0, end));
    }

    /// Edits between two words.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(cost, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    List<String> faults() {
        return faults;
    }

    Optional<JsonNode> value(String path) {
        JsonNode value = values.get(path);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    /// A list, or a text with commas.
    static List<String> list(JsonNode value) {
        List<String> items = new ArrayList<>();
        if (value instanceof ArrayNode array) {
            array.forEach(item -> items.add(item.asText()));
        } else if (!value.asText().isBlank()) {
            for (String item : value.asText().split(",")) {
                items.add(item.strip());
            }
        }
        return items;
    }
}
