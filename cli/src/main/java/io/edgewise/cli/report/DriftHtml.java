// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.columns.ColumnDrift;
import io.edgewise.cli.columns.DriftReport;
import io.edgewise.cli.columns.Kind;
import io.edgewise.cli.columns.Severity;
import io.edgewise.cli.report.Html.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What has moved, as a page.
public final class DriftHtml {
    private static final int BAR = 160;
    private static final int BINS_SHOWN = 24;

    private DriftHtml() {}

    public static String of(DriftReport report) {
        Html page = new Html("Drift of " + report.current().name() + " against "
                + report.baseline().name());
        page.lead(DriftText.sentence(report.columns()));
        page.note(String.format(
                Locale.ROOT,
                "%,d rows against %,d rows of the baseline.",
                report.current().rows(),
                report.baseline().rows()));
        table(page, "All columns, the most severe first", report.columns());
        report.notes().forEach(page::note);
        page.heading("What moved");
        page.note("Shares of the values in the baseline's bins, before (blue, upper bar) and now (orange, lower bar), "
                + "the largest contribution to PSI first.");
        for (ColumnDrift column : report.columns()) {
            details(page, column);
        }
        if (report.by().isPresent()) {
            groups(page, report);
        }
        return page.end(DriftText.legend(report).replace('\n', ' ').strip());
    }

    private static void table(Html page, String caption, List<ColumnDrift> columns) {
        List<List<Cell>> rows = new ArrayList<>();
        for (ColumnDrift column : columns) {
            List<Cell> row = new ArrayList<>(
                    Cell.texts(List.of(column.column(), column.kind().text())));
            row.add(Html.verdict(column.verdict().name()));
            row.add(Html.verdict(column.severity().text()));
            row.addAll(Cell.texts(List.of(
                    Words.fixed(column.index().psi(), 3),
                    DriftText.test(column),
                    Words.p(column.shape().adjusted()),
                    Words.fixed(column.distances().jensenShannonBits(), 4),
                    Words.number(column.distances().normalised()),
                    means(column),
                    DriftText.missing(column.missing()),
                    DriftText.moved(column))));
            rows.add(row);
        }
        page.table(
                caption,
                List.of(
                        "column",
                        "kind",
                        "verdict",
                        "severity",
                        " PSI",
                        "test",
                        " adjusted p",
                        " JS bits",
                        " Wasserstein / σ",
                        "mean, or categories",
                        "missing",
                        "~moved most"),
                rows);
    }

    private static String means(ColumnDrift column) {
        return column.kind() == Kind.NUMERIC
                ? Words.number(column.baseline().mean()) + " → "
                        + Words.number(column.current().mean())
                : Words.count(column.baseline().different()) + " → "
                        + Words.count(column.current().different());
    }

    private static void details(Html page, ColumnDrift column) {
        page.raw("<details" + (column.severity() == Severity.NONE ? "" : " open") + "><summary><strong>"
                + Html.escaped(column.column()) + "</strong> "
                + Html.verdict(column.verdict().name()).markup() + ", PSI "
                + Words.fixed(column.index().psi(), 3) + "</summary>\n");
        for (String reason : DriftText.reasons(column)) {
            page.note(reason);
        }
        List<List<Cell>> rows = new ArrayList<>();
        double widest = column.moved().stream()
                .mapToDouble(moved -> Math.max(moved.before(), moved.now()))
                .max()
                .orElse(1);
        for (ColumnDrift.Moved moved :
                column.moved().subList(0, Math.min(BINS_SHOWN, column.moved().size()))) {
            rows.add(List.of(
                    Cell.text(moved.bin()),
                    Cell.text(Words.percent(moved.before())),
                    Cell.text(Words.percent(moved.now())),
                    bars(moved, widest),
                    Cell.text(Words.fixed(moved.contribution(), 4))));
        }
        page.table(
                "Bins of " + column.column() + " (" + column.counted() + ")",
                List.of("bin", " before", " now", "", " adds to PSI"),
                rows);
        page.raw("</details>\n");
    }

    private static Cell bars(ColumnDrift.Moved moved, double widest) {
        return new Cell(String.format(
                Locale.ROOT,
                "<svg width=\"%d\" height=\"18\" viewBox=\"0 0 %d 18\" aria-hidden=\"true\">"
                        + "<rect y=\"2\" height=\"6\" width=\"%.1f\" fill=\"var(--one)\"/>"
                        + "<rect y=\"10\" height=\"6\" width=\"%.1f\" fill=\"var(--two)\"/></svg>",
                BAR,
                BAR,
                BAR * moved.before() / widest,
                BAR * moved.now() / widest));
    }

    private static void groups(Html page, DriftReport report) {
        page.heading("By " + report.by().orElse(""));
        List<List<Cell>> rows = new ArrayList<>();
        for (DriftReport.GroupDrift group : report.groups()) {
            rows.add(List.of(
                    Cell.text(group.group()),
                    Cell.text(Words.count(group.baselineRows())),
                    Cell.text(Words.count(group.currentRows())),
                    Html.verdict(group.severity().text()),
                    Cell.text(group.drifted() + " of " + group.columns().size())));
        }
        page.table(
                "Groups, the most severe first",
                List.of("group", " baseline rows", " current rows", "severity", " drifted columns"),
                rows);
        for (DriftReport.GroupDrift group : report.groups()) {
            page.raw("<details" + (group.severity() == Severity.NONE ? "" : " open") + "><summary><strong>"
                    + Html.escaped(group.group()) + "</strong> "
                    + Html.verdict(group.severity().text()).markup() + "</summary>\n");
            table(page, report.by().orElse("") + " = " + group.group(), group.columns());
            page.raw("</details>\n");
        }
    }
}
