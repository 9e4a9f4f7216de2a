// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// JSON of texts, whole numbers, truth values, lists and sorted maps: equal values give equal text.
final class CanonicalJson {
    private CanonicalJson() {}

    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text) {
        switch (value) {
            case String string -> string(string, text);
            case Long number -> text.append(number.longValue());
            case Integer number -> text.append(number.intValue());
            case Boolean truth -> text.append(truth.booleanValue());
            case List<?> list -> list(list, text);
            case SortedMap<?, ?> map -> map(map, text);
            default -> throw new IllegalArgumentException("a decision's detail cannot hold " + value.getClass());
        }
    }

    private static void list(List<?> list, StringBuilder text) {
        text.append('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
            write(items.next(), text);
            if (items.hasNext()) {
                text.append(',');
            }
        }
        text.append(']');
    }

    private static void map(SortedMap<?, ?> map, StringBuilder text) {
        text.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!first) {
                text.append(',');
            }
            first = false;
            string(entry.getKey().toString(), text);
            text.append(':');
            write(entry.getValue(), text);
        }
        text.append('}');
    }

    private static void string(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
