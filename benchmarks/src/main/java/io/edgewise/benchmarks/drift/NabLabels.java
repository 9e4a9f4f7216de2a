// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Rows of a series that somebody labelled as anomalous (`data/drift/expected.json`).
///
/// @param reference rows before the first label; half of the series where there is none
record NabLabels(int reference, List<Span> spans) {
    private static final int HALF_OF_THE_CONTROL = 2_016;

    /// The last row included.
    record Span(int first, int last) {}

    static NabLabels of(String series) throws IOException {
        JsonNode windows = new ObjectMapper()
                .readTree(Path.of("data", "drift", "expected.json").toFile())
                .path("nab")
                .path(series)
                .path("windows");
        List<Span> spans = new ArrayList<>();
        for (JsonNode window : windows) {
            spans.add(new Span(
                    window.path("rows").get(0).asInt(),
                    window.path("rows").get(1).asInt()));
        }
        int reference =
                spans.isEmpty() ? HALF_OF_THE_CONTROL : windows.get(0).path("n").asInt();
        return new NabLabels(reference, List.copyOf(spans));
    }

    /// What a rule said after the rows `from` to `until` (not included).
    record Seen(int from, int until, boolean alarm) {}

    /// Of each label, rows from its first one to the end of the window that raised the alarm; or that the alarm stood
    /// already, or that it was missed.
    List<Object> delays(List<Seen> windows) {
        return spans.stream().map(span -> delay(span, windows)).toList();
    }

    private static Object delay(Span span, List<Seen> windows) {
        boolean before = false;
        for (Seen window : windows) {
            if (window.from() > span.last()) {
                break;
            }
            if (window.alarm() && window.until() > span.first()) {
                return before ? "in alarm before" : (Object) (window.until() - span.first());
            }
            before = window.alarm() && window.until() <= span.first();
        }
        return "missed";
    }

    boolean touch(int from, int until) {
        return spans.stream().anyMatch(span -> span.first() < until && span.last() >= from);
    }
}
