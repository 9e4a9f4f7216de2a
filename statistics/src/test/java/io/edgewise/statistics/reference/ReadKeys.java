// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Which expected values of the reference files somebody has asked for. A value is a number, a text or an
/// array of such; objects and arrays of objects are made of values. `has` and the names of keys ask for
/// nothing.
final class ReadKeys {
    private static final Set<Key> READ = ConcurrentHashMap.newKeySet();

    /// A place such as `normal_mixture[3].mean` in the expected part of a case.
    record Key(String file, String id, String place) {}

    private ReadKeys() {}

    static void forget(String file) {
        READ.removeIf(key -> key.file().equals(file));
    }

    static boolean wasRead(Key key) {
        return READ.contains(key);
    }

    /// A copy that remembers what is taken from it.
    static JsonNode recording(Key key, JsonNode node) {
        if (node.isObject()) {
            RecordingObject copy = new RecordingObject(key);
            node.properties()
                    .forEach(entry ->
                            copy.set(entry.getKey(), recording(below(key, entry.getKey()), entry.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < node.size(); i++) {
                copy.add(recording(element(key, i), node.get(i)));
            }
            return copy;
        }
        return node;
    }

    /// All values of a case.
    static Set<String> places(JsonNode expected) {
        Set<String> places = new TreeSet<>();
        collect(new Key("", "", ""), expected, places);
        return places;
    }

    private static void collect(Key key, JsonNode node, Set<String> places) {
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(name -> collect(below(key, name), peek(node, name), places));
        } else if (holdsObjects(node)) {
            for (int i = 0; i < node.size(); i++) {
                collect(element(key, i), node.get(i), places);
            }
        } else {
            places.add(key.place());
        }
    }

    private static JsonNode peek(JsonNode node, String name) {
        return node instanceof RecordingObject recording ? recording.peek(name) : node.get(name);
    }

    private static boolean holdsObjects(JsonNode node) {
        return node.isArray() && Reference.stream(node).anyMatch(JsonNode::isObject);
    }

    private static Key below(Key key, String name) {
        return new Key(key.file(), key.id(), key.place().isEmpty() ? name : key.place() + "." + name);
    }

    private static Key element(Key key, int i) {
        return new Key(key.file(), key.id(), key.place() + "[" + i + "]");
    }

    @SuppressWarnings({"serial", "unchecked"}) // never serialised; deepCopy() is declared so above
    private static final class RecordingObject extends ObjectNode {
        private final transient Key key;

        RecordingObject(Key key) {
            super(JsonNodeFactory.instance);
            this.key = key;
        }

        @Override
        public JsonNode get(String name) {
            READ.add(below(key, name));
            return super.get(name);
        }

        JsonNode peek(String name) {
            return super.get(name);
        }

        @Override
        public JsonNode path(String name) {
            READ.add(below(key, name));
            return super.path(name);
        }

        @Override
        public boolean has(String name) {
            return super.get(name) != null;
        }

        @Override
        public Set<Map.Entry<String, JsonNode>> properties() {
            fieldNames().forEachRemaining(name -> READ.add(below(key, name)));
            return super.properties();
        }

        @Override
        public Iterator<JsonNode> elements() {
            fieldNames().forEachRemaining(name -> READ.add(below(key, name)));
            return super.elements();
        }
    }
}
