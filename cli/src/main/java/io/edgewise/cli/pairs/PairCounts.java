// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Labels;
import io.edgewise.cli.table.Numbers;
import io.edgewise.cli.table.Rows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Pairs, counted: all of them, and by each value of each slice column.
public final class PairCounts {
    /// Labels of a closed set; more of them are free text.
    static final int MOST_LABELS = 10_000;

    private static final String TOO_MANY_LABELS = String.format(
            Locale.ROOT,
            "Labels come from a closed set of at most %,d; is this the column of the labels, or of free texts?",
            MOST_LABELS);

    /// Pairs of labels that are kept apart.
    static final int MOST_PAIRS = 1_000_000;

    /// Values of one slice column.
    static final int MOST_SLICES = 500;

    private static final String NO_VALUE = "(missing)";
    private static final Set<String> YES = Set.of("1", "true", "t", "yes", "y", "refused", "escalated");
    private static final Set<String> NO = Set.of("0", "false", "f", "no", "n", "answered");

    private final PairColumns columns;
    private final Labels labels = new Labels(MOST_LABELS);
    private final Tally all = new Tally();
    private final List<Slices> slices = new ArrayList<>();
    private final Numbers numbers = new Numbers();
    private final Pair pair = new Pair();

    /// One column that splits the pairs.
    private static final class Slices {
        private final String column;
        private final Labels names = new Labels(MOST_SLICES);
        private final List<Tally> tallies = new ArrayList<>(List.of(new Tally()));

        Slices(String column) {
            this.column = column;
        }

        void add(Rows rows, int at, Pair pair) {
            int id = rows.isMissing(at)
                    ? 0
                    : 1
                            + names.id(
                                    rows,
                                    at,
                                    "Slices are few: devices, domains, locales. Map a column of fewer values.");
            if (id == tallies.size()) {
                tallies.add(new Tally());
            }
            tallies.get(id).add(pair);
        }

        void add(String value, Pair pair) {
            int id = value.isEmpty() ? 0 : 1 + names.id(value);
            if (id > MOST_SLICES) {
                throw new BadInput("column \"" + column + "\" has more than " + MOST_SLICES
                        + " values; slices are few: " + "devices, domains, locales. Map a column of fewer values.");
            }
            if (id == tallies.size()) {
                tallies.add(new Tally());
            }
            tallies.get(id).add(pair);
        }

        Map<String, Tally> named() {
            Map<String, Tally> named = new TreeMap<>();
            for (int i = 0; i < tallies.size(); i++) {
                if (tallies.get(i).rows() > 0) {
                    named.put(i == 0 ? NO_VALUE : names.text(i - 1), tallies.get(i));
                }
            }
            return named;
        }
    }

    private PairCounts(PairColumns columns) {
        this.columns = columns;
        columns.slices().forEach(name -> slices.add(new Slices(name)));
        columns.sensitive().stream()
                .filter(name -> !columns.slices().contains(name))
                .forEach(name -> slices.add(new Slices(name)));
    }

    /// Counts all rows.
    public static PairCounts of(Rows rows, PairColumns columns) {
        PairCounts counts = new PairCounts(columns);
        counts.count(rows);
        return counts;
    }

    /// To count pairs that a run makes: [#label], [#add].
    public static PairCounts empty(PairColumns columns) {
        return new PairCounts(columns);
    }

    /// The number of a label; an empty one is none.
    public int label(String label) {
        if (label.isEmpty()) {
            return Pair.NONE;
        }
        int id = labels.id(label);
        if (id >= MOST_LABELS) {
            throw new BadInput("more than " + MOST_LABELS
                    + " different labels; is this the column of the labels, or of " + "free texts?");
        }
        return id;
    }

    /// @param splits its values of the slice columns, then of the sensitive ones that are no slice columns
    public void add(Pair made, List<String> splits) {
        all.add(made);
        for (int i = 0; i < slices.size(); i++) {
            slices.get(i).add(splits.get(i), made);
        }
    }

    private void count(Rows rows) {
        int edge = rows.column(columns.edge());
        int frontier = rows.column(columns.frontier());
        int truth = at(rows, columns.truth());
        int confidence = at(rows, columns.confidence());
        int edgeLatency = at(rows, columns.edgeLatency());
        int frontierLatency = at(rows, columns.frontierLatency());
        int edgeRefusal = at(rows, columns.edgeRefusal());
        int frontierRefusal = at(rows, columns.frontierRefusal());
        int escalated = at(rows, columns.escalated());
        int[] splits =
                slices.stream().mapToInt(slice -> rows.column(slice.column)).toArray();
        while (rows.next()) {
            pair.edge = label(rows, edge);
            pair.frontier = label(rows, frontier);
            pair.truth = truth < 0 ? Pair.NONE : label(rows, truth);
            pair.confidence = confidence < 0 ? Double.NaN : confidence(rows, confidence);
            pair.edgeLatency = edgeLatency < 0 ? Double.NaN : latency(rows, edgeLatency);
            pair.frontierLatency = frontierLatency < 0 ? Double.NaN : latency(rows, frontierLatency);
            pair.edgeRefused = said(rows, edgeRefusal);
            pair.frontierRefused = said(rows, frontierRefusal);
            pair.escalated = said(rows, escalated);
            all.add(pair);
            for (int i = 0; i < splits.length; i++) {
                slices.get(i).add(rows, splits[i], pair);
            }
            if (all.table().different() > MOST_PAIRS) {
                throw new BadInput(String.format(
                        Locale.ROOT,
                        "%s: %,d different pairs of labels by now. Labels of a closed set give fewer; free texts are "
                                + "not compared here.",
                        rows.where(),
                        MOST_PAIRS + 1));
            }
        }
        if (all.rows() == 0) {
            throw new BadInput(rows.file() + " has a header and no rows; there is nothing to validate.");
        }
    }

    private static int at(Rows rows, Optional<String> column) {
        return column.map(rows::column).orElse(-1);
    }

    private int label(Rows rows, int column) {
        return rows.isMissing(column) ? Pair.NONE : labels.id(rows, column, TOO_MANY_LABELS);
    }

    private double number(Rows rows, int column) {
        if (rows.isMissing(column)) {
            return Double.NaN;
        }
        double value = rows.number(column, numbers);
        if (!numbers.isNumber()) {
            throw rows.notANumber(
                    column, ". Leave the field empty where there is none, or name the word with --missing.");
        }
        return value;
    }

    private double confidence(Rows rows, int column) {
        double value = number(rows, column);
        if (value < 0 || value > 1) {
            throw rows.bad(
                    column,
                    rows.shown(column)
                            + " is not between 0 and 1. A confidence is a probability: divide percentages by "
                            + "100, and do not map logits.");
        }
        return value;
    }

    private double latency(Rows rows, int column) {
        double value = number(rows, column);
        if (value < 0 || value == Double.POSITIVE_INFINITY) {
            throw rows.bad(column, rows.shown(column) + " is no latency; it must be finite and at least 0.");
        }
        return value;
    }

    /// Yes or no; none where there is no such column.
    private int said(Rows rows, int column) {
        if (column < 0 || rows.isMissing(column)) {
            return Pair.NONE;
        }
        int from = rows.start(column);
        int length = rows.end(column) - from;
        byte first = rows.bytes()[from];
        if (length == 1 && (first == '0' || first == '1')) {
            return first - '0';
        }
        String word = new String(rows.bytes(), from, length, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        if (YES.contains(word) || NO.contains(word)) {
            return YES.contains(word) ? 1 : 0;
        }
        throw rows.bad(
                column, rows.shown(column) + " says neither yes nor no; write true or false, 1 or 0, yes or no.");
    }

    PairColumns columns() {
        return columns;
    }

    Labels labels() {
        return labels;
    }

    Tally all() {
        return all;
    }

    Map<String, Tally> slices(String column) {
        return slices.stream()
                .filter(slice -> slice.column.equals(column))
                .findFirst()
                .map(Slices::named)
                .orElse(Map.of());
    }
}
