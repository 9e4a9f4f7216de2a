// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of words in columns as wide as their longest word. Columns whose head begins with a space are aligned to
/// the right.
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> head;

    TextTable(String... head) {
        this.head = List.of(head);
        rows.add(this.head.stream().map(String::strip).toList());
    }

    TextTable add(String... cells) {
        rows.add(Arrays.stream(cells).map(Words::plain).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    @Override
    public String toString() {
        int[] widths = new int[head.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String pad = " ".repeat(widths[i] - length(row.get(i)));
                boolean right = head.get(i).startsWith(" ");
                line.append("  ").append(right ? pad : "").append(row.get(i)).append(right ? "" : pad);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
