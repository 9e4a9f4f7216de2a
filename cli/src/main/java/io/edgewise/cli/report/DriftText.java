// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.columns.ColumnDrift;
import io.edgewise.cli.columns.DriftReport;
import io.edgewise.cli.columns.Kind;
import io.edgewise.cli.columns.Severity;
import io.edgewise.cli.columns.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What has moved, for a terminal.
public final class DriftText {
    private static final int NAME = 28;
    private static final int NAMED = 6;

    private DriftText() {}

    public static String of(DriftReport report) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "drift: %s (%,d rows) against %s (%,d rows)%n",
                report.current().name(),
                report.current().rows(),
                report.baseline().name(),
                report.baseline().rows()));
        text.append(sentence(report.columns())).append("\n\n");
        text.append(columns(report.columns()));
        report.columns().forEach(column -> notes(text, column));
        report.notes()
                .forEach(note ->
                        text.append("  note: ").append(Words.plain(note)).append('\n'));
        if (report.by().isPresent()) {
            groups(text, report);
        }
        text.append('\n').append(legend(report));
        return text.toString();
    }

    static String sentence(List<ColumnDrift> columns) {
        List<String> drifted = columns.stream()
                .filter(column -> column.verdict() == Verdict.DRIFT)
                .map(column ->
                        Words.plain(column.column()) + " (" + column.severity().text() + ")")
                .toList();
        long stable = columns.stream()
                .filter(column -> column.verdict() == Verdict.STABLE)
                .count();
        long undecided = columns.size() - drifted.size() - stable;
        List<String> parts = new ArrayList<>();
        if (stable == columns.size() && stable > 1) {
            return "No drift was found: all " + Words.count(stable) + " columns are stable.";
        }
        if (!drifted.isEmpty()) {
            List<String> named = new ArrayList<>(drifted.subList(0, Math.min(NAMED, drifted.size())));
            if (drifted.size() > NAMED) {
                named.add((drifted.size() - NAMED) + " more");
            }
            parts.add(drifted.size() + " of " + columns.size() + (columns.size() == 1 ? " column " : " columns ")
                    + (drifted.size() == 1 ? "has" : "have") + " drifted: " + Words.list(named));
        }
        if (stable > 0) {
            parts.add(Words.are(stable, "column", "columns") + " stable");
        }
        if (undecided > 0) {
            parts.add(Words.are(undecided, "column", "columns") + " undecided");
        }
        return (drifted.isEmpty() ? "No drift was found: " : "") + String.join("; ", parts) + ".";
    }

    private static String columns(List<ColumnDrift> columns) {
        TextTable table = new TextTable(
                "column",
                "kind",
                "verdict",
                "severity",
                " PSI",
                "test",
                " adjusted p",
                " JS bits",
                "missing",
                "moved most");
        for (ColumnDrift column : columns) {
            table.add(
                    Words.cut(column.column(), NAME),
                    column.kind().text(),
                    column.verdict().name(),
                    column.severity().text(),
                    Words.fixed(column.index().psi(), 3),
                    test(column),
                    Words.p(column.shape().adjusted()),
                    Words.fixed(column.distances().jensenShannonBits(), 4),
                    missing(column.missing()),
                    moved(column));
        }
        return table.toString();
    }

    static String test(ColumnDrift column) {
        return (column.kind() == Kind.NUMERIC ? "D " : "V ")
                + Words.fixed(column.shape().effect(), 3);
    }

    static String missing(ColumnDrift.Apart missing) {
        return missing.before() == 0 && missing.now() == 0
                ? Words.NONE
                : Words.percent(missing.before()) + " → " + Words.percent(missing.now());
    }

    static String moved(ColumnDrift column) {
        if (column.moved().isEmpty()) {
            return Words.NONE;
        }
        ColumnDrift.Moved most = column.moved().getFirst();
        String before = Words.percent(most.before());
        String now = Words.percent(most.now());
        return before.equals(now) ? Words.NONE : Words.cut(most.bin(), NAME) + ": " + before + " → " + now;
    }

    static List<String> reasons(ColumnDrift column) {
        List<String> reasons = new ArrayList<>();
        if (column.namesRows()) {
            reasons.add(
                    Words.count(column.baseline().different()) + " different in "
                            + Words.count(column.baseline().values())
                            + " values of the baseline: names of rows or free texts cannot be compared; --exclude leaves them out");
        } else if (column.verdict() == Verdict.UNDECIDED) {
            if (column.baseline().values() == 0 || column.current().values() == 0) {
                reasons.add("one of the files has no values here");
            } else if (column.index().needed().isPresent()) {
                reasons.add(
                        "about " + Words.count(column.index().needed().getAsLong()) + " more rows of such data decide");
            } else {
                reasons.add("more current rows alone do not decide; a larger baseline may");
            }
        }
        column.unseen()
                .filter(unseen -> unseen.now() > 0 && !column.namesRows())
                .ifPresent(unseen -> reasons.add(Words.percent(unseen.now(), 2)
                        + " of the values are categories that the baseline never had (adjusted p "
                        + Words.p(unseen.adjusted()) + ")"));
        reasons.addAll(column.notes());
        return reasons;
    }

    private static void notes(StringBuilder text, ColumnDrift column) {
        for (String reason : reasons(column)) {
            text.append("  ")
                    .append(Words.plain(column.column()))
                    .append(": ")
                    .append(Words.plain(reason))
                    .append('\n');
        }
    }

    private static void groups(StringBuilder text, DriftReport report) {
        text.append("\nby ").append(Words.plain(report.by().orElse(""))).append('\n');
        TextTable table = new TextTable("group", " baseline rows", " current rows", "severity", " drifted", "which");
        for (DriftReport.GroupDrift group : report.groups()) {
            List<String> which = group.columns().stream()
                    .filter(column -> column.verdict() == Verdict.DRIFT)
                    .map(column ->
                            column.column() + " " + Words.fixed(column.index().psi(), 3))
                    .toList();
            table.add(
                    Words.cut(group.group(), NAME),
                    Words.count(group.baselineRows()),
                    Words.count(group.currentRows()),
                    group.severity().text(),
                    group.drifted() + " of " + group.columns().size(),
                    which.isEmpty() ? Words.NONE : Words.cut(String.join(", ", which), 80));
        }
        text.append(table);
        for (DriftReport.GroupDrift group : report.groups()) {
            if (group.severity() != Severity.NONE) {
                text.append('\n')
                        .append(Words.plain(report.by().orElse("")))
                        .append(" = ")
                        .append(Words.plain(group.group()))
                        .append('\n');
                text.append(columns(group.columns()));
            }
        }
    }

    static String legend(DriftReport report) {
        return String.format(
                Locale.ROOT,
                """
                DRIFT: PSI shown to exceed %s (warn) or %s (act), or D or V at least %s and not by chance, or missing or
                unseen values moved by %s or more and not by chance. STABLE: PSI shown to be within %s. alpha %s over all
                columns; p-values adjusted by Benjamini and Hochberg. D: Kolmogorov-Smirnov. V: Cramér's, of chi-square.
                """,
                Words.number(report.limits().warn()),
                Words.number(report.limits().act()),
                Words.number(report.limits().effect()),
                Words.percent(report.limits().apart(), 0),
                Words.number(report.limits().warn()),
                Words.number(report.limits().alpha()));
    }
}
