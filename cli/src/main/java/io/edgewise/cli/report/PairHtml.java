// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.pairs.PairReport;
import io.edgewise.cli.report.Html.Cell;
import java.util.ArrayList;
import java.util.List;

/// Whether the edge model is good enough, as a page.
public final class PairHtml {
    private PairHtml() {}

    public static String of(PairReport report) {
        Html page = new Html("Validation of " + report.source());
        page.raw("<p class=\"lead\">"
                + Html.verdict(report.all().verdict().word().toString()).markup()
                + Html.escaped(PairText.verdict(report)
                        .substring(report.all().verdict().word().toString().length()))
                + "</p>\n");
        PairText.doubt(report).ifPresent(page::paragraph);
        report.notes().forEach(page::paragraph);
        List<List<String>> facts = new ArrayList<>();
        for (PairText.Fact fact : PairText.facts(report)) {
            facts.add(List.of(fact.name(), fact.value(), fact.interval(), fact.counts()));
        }
        page.texts("All pairs", List.of("measure", " value", "95 % interval", "~counts"), facts);
        List<List<String>> latencies = PairText.latencies(report);
        if (!latencies.isEmpty()) {
            page.texts(
                    "Latency in " + report.unit() + ", within 1 %",
                    List.of("arm", " p50", " p90", " p95", " p99", " p99.9", " n"),
                    latencies);
        }
        report.attribution()
                .ifPresent(attribution ->
                        page.heading("What quantization cost").paragraph(PairText.sentence(attribution)));
        calibration(page, report);
        report.slices().forEach(table -> slices(page, table));
        bias(page, report);
        confused(page, report);
        return page.end("Intervals are 95 % Wilson intervals for one look at this many pairs. The verdict acts on the "
                + "interval's bound, never on the point. Win share: ties and both wrong count one half. ECE: 15 equal "
                + "bins; agreement-ECE takes the frontier's label for the truth and is no calibration.");
    }

    private static void calibration(Html page, PairReport report) {
        if (report.all().frontier().isEmpty() && report.all().truth().isEmpty()) {
            return;
        }
        page.heading("Calibration");
        report.all()
                .truth()
                .ifPresent(calibration ->
                        page.raw(ReliabilityDiagram.svg("Confidence against truth", "share right", calibration)));
        report.all()
                .frontier()
                .ifPresent(calibration -> page.raw(ReliabilityDiagram.svg(
                        "Confidence against the frontier's label", "share agreeing", calibration)));
        page.note("Points on the dashed line are calibrated; bars are 95 % intervals; the blocks below say how many "
                + "answers have that confidence.");
    }

    private static void slices(Html page, PairReport.SliceTable table) {
        page.heading("By " + table.column());
        boolean truth =
                table.slices().stream().anyMatch(slice -> slice.summary().hasTruth());
        List<String> heads =
                new ArrayList<>(List.of("slice", " pairs", " agreement", "95 % interval", "verdict", " κ"));
        if (truth) {
            heads.addAll(List.of(" edge accuracy", " frontier accuracy", " win share", " ECE"));
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (PairReport.Slice slice : table.slices()) {
            List<Cell> row = new ArrayList<>(Cell.texts(PairText.row(slice, truth)));
            Cell verdict = Html.verdict(slice.summary().verdict().word().toString());
            row.set(4, slice.below() ? new Cell(verdict.markup() + " *") : verdict);
            rows.add(row);
        }
        page.table("The worst first", heads, rows).note(PairText.below(table));
    }

    private static void bias(Html page, PairReport report) {
        if (report.biases().isEmpty()) {
            return;
        }
        page.heading("Sensitive slices");
        page.texts(
                "Largest gaps between groups, with simultaneous 95 % intervals",
                List.of("column", "measure", " gap", "interval", "highest", "lowest", "~finding"),
                report.biases().stream().map(PairText::row).toList());
    }

    private static void confused(Html page, PairReport report) {
        if (report.confused().isEmpty()) {
            return;
        }
        page.heading("Most frequent disagreements");
        page.texts(
                "Labels that the two models give to the same request",
                List.of("edge", "frontier", " times", " of all"),
                report.confused().stream()
                        .map(pair -> List.of(
                                Words.cut(pair.edge(), 60),
                                Words.cut(pair.frontier(), 60),
                                Words.count(pair.count()),
                                Words.percent(pair.share())))
                        .toList());
    }
}
