// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Writes maps, lists, texts and numbers as JSON. What is not defined (NaN, an empty optional) is null.
final class Json {
    private final StringBuilder out = new StringBuilder();

    private Json() {}

    static String of(Map<String, ?> object) {
        Json json = new Json();
        json.value(object, "\n");
        return json.out.append('\n').toString();
    }

    /// Keys and values in turn, in this order.
    static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    private void value(@Nullable Object value, String indent) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> object(map, indent);
            case List<?> list -> list(list, indent);
            case Optional<?> optional -> value(optional.orElse(null), indent);
            case OptionalLong optional -> value(optional.isPresent() ? (Object) optional.getAsLong() : null, indent);
            case OptionalDouble optional ->
                value(optional.isPresent() ? (Object) optional.getAsDouble() : null, indent);
            case Double number -> out.append(Double.isFinite(number) ? number.toString() : "null");
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> text(value.toString());
        }
    }

    private void object(Map<?, ?> map, String indent) {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        out.append('{');
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            out.append(indent).append("  ");
            text(String.valueOf(entry.getKey()));
            out.append(": ");
            value(entry.getValue(), indent + "  ");
            out.append(entries.hasNext() ? "," : indent);
        }
        out.append('}');
    }

    private void list(List<?> list, String indent) {
        Iterator<?> items = list.iterator();
        out.append('[');
        while (items.hasNext()) {
            out.append(indent).append("  ");
            value(items.next(), indent + "  ");
            out.append(items.hasNext() ? "," : indent);
        }
        out.append(']');
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
