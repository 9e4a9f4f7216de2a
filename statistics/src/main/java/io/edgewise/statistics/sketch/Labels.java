// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Labels and their counts on the wire: ascending by String.compareTo, every count positive.
final class Labels {
    static final int LONGEST_BYTES = 1024;

    private Labels() {}

    /// Refuses what could not be written and read back, or would make the memory unbounded.
    static void require(Kind kind, String label) {
        byte[] utf8 = label.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > LONGEST_BYTES) {
            throw kind.fault("a label of " + utf8.length + " bytes that starts with \"" + label.substring(0, 40)
                    + "\"; labels have at most " + LONGEST_BYTES + " bytes of UTF-8. Shorten it, or count a hash.");
        }
        if (!new String(utf8, StandardCharsets.UTF_8).equals(label)) {
            throw kind.fault("label \"" + label + "\" has half of a surrogate pair; it is not text.");
        }
    }

    static void write(Encoder encoder, SortedMap<String, Long> counts) {
        encoder.count(counts.size());
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            encoder.text(entry.getKey()).count(entry.getValue());
        }
    }

    static SortedMap<String, Long> read(Decoder decoder) {
        SortedMap<String, Long> counts = new TreeMap<>();
        int size = decoder.size(2);
        for (int i = 0; i < size; i++) {
            String label = decoder.text();
            if (label.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
                throw decoder.fault("a label has more than " + LONGEST_BYTES + " bytes");
            }
            if (!counts.isEmpty() && counts.lastKey().compareTo(label) >= 0) {
                throw decoder.fault("label \"" + label + "\" stands behind \"" + counts.lastKey() + "\"");
            }
            long count = decoder.count();
            if (count == 0) {
                throw decoder.fault("label \"" + label + "\" is written but was never counted");
            }
            counts.put(label, count);
        }
        return counts;
    }

    static long total(Kind kind, Map<String, Long> counts) {
        long total = 0;
        for (long count : counts.values()) {
            total = kind.plus(total, count);
        }
        return total;
    }
}
