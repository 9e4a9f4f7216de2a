// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.pairs.Attribution;
import io.edgewise.cli.pairs.Bias;
import io.edgewise.cli.pairs.Calibration;
import io.edgewise.cli.pairs.FloorVerdict;
import io.edgewise.cli.pairs.Latency;
import io.edgewise.cli.pairs.PairReport;
import io.edgewise.cli.pairs.Summary;
import io.edgewise.statistics.classification.AgreementTotals;
import io.edgewise.statistics.classification.WinShare;
import io.edgewise.statistics.proportion.McNemar;
import io.edgewise.statistics.proportion.Proportion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether the edge model is good enough, for a terminal.
public final class PairText {
    private static final int NAME = 28;
    private static final int SLICES = 20;
    private static final int CONFUSED = 10;
    private static final long ENOUGH_TO_DOUBT = 20;

    private PairText() {}

    public static String of(PairReport report) {
        StringBuilder text = new StringBuilder();
        text.append("validate: ").append(report.source()).append('\n');
        text.append(verdict(report)).append('\n');
        doubt(report).ifPresent(doubt -> text.append(doubt).append('\n'));
        report.notes().forEach(note -> text.append(Words.plain(note)).append('\n'));
        text.append('\n');
        TextTable facts = new TextTable("measure", " value", "95 % interval", "counts");
        facts(report).forEach(fact -> facts.add(fact.name(), fact.value(), fact.interval(), fact.counts()));
        text.append(facts);
        latency(text, report);
        report.attribution().ifPresent(attribution -> attribution(text, attribution));
        report.slices().forEach(table -> slices(text, table));
        bias(text, report.biases());
        confused(text, report);
        return text.toString();
    }

    static String verdict(PairReport report) {
        FloorVerdict verdict = report.all().verdict();
        String floor = Words.percent(report.floor(), 0);
        String needed = verdict.needed().isPresent()
                ? "; about " + Words.count(verdict.needed().getAsLong()) + " more such pairs decide"
                : "";
        return verdict.word() + " against the floor of " + floor + ": " + verdict.why() + needed + ".";
    }

    /// Figures that look like a wrong map, not like a bad model.
    static Optional<String> doubt(PairReport report) {
        Proportion agreement = report.all().agreement();
        return agreement.n() >= ENOUGH_TO_DOUBT && agreement.events() == 0
                ? Optional.of("Not one of " + Words.count(agreement.n())
                        + " pairs agrees: does --map name the columns of the "
                        + "labels, and do both sides write them alike?")
                : Optional.empty();
    }

    /// One measure with its value, interval and counts.
    record Fact(String name, String value, String interval, String counts) {}

    static List<Fact> facts(PairReport report) {
        Summary all = report.all();
        List<Fact> facts = new ArrayList<>();
        AgreementTotals totals = all.totals();
        facts.add(new Fact(
                "agreement",
                Words.percent(all.agreement().share(), 2),
                Words.interval(all.interval().low(), all.interval().high(), 2),
                counts(all.agreement())));
        if (totals.missingChallenger() + totals.missingFrontier() > 0) {
            facts.add(new Fact(
                    "pairs with both sides",
                    Words.percent(totals.completeness(), 2),
                    "",
                    Words.count(totals.missingChallenger()) + " without edge, " + Words.count(totals.missingFrontier())
                            + " without frontier"));
        }
        facts.add(new Fact(
                "Cohen's κ",
                Words.fixed(all.agreed().kappa(), 3),
                Double.isNaN(all.agreed().low())
                        ? ""
                        : "[" + Words.fixed(all.agreed().low(), 3) + ", "
                                + Words.fixed(all.agreed().high(), 3) + "]",
                Words.count(all.agreed().labels()) + " labels"));
        if (all.hasTruth()) {
            truth(facts, all);
        }
        all.truth().ifPresent(calibration -> facts.add(calibration("ECE against truth", calibration)));
        all.frontier().ifPresent(calibration -> facts.add(calibration("agreement-ECE", calibration)));
        if (all.hasRefusals()) {
            share(facts, "edge refusals", all.edgeRefusal());
            share(facts, "frontier refusals", all.frontierRefusal());
        }
        if (all.escalation().n() > 0) {
            share(facts, "escalated", all.escalation());
        }
        return facts;
    }

    private static void truth(List<Fact> facts, Summary all) {
        share(facts, "edge accuracy", all.edgeAccuracy());
        share(facts, "frontier accuracy", all.frontierAccuracy());
        McNemar test = all.mcNemar();
        facts.add(new Fact(
                "McNemar, exact",
                "p " + Words.p(test.pExact()),
                "",
                "only edge right " + Words.count(test.onlyFirstRight()) + ", only frontier right "
                        + Words.count(test.onlySecondRight()) + ", both wrong " + Words.count(test.bothWrong())));
        WinShare wins = all.wins();
        facts.add(new Fact(
                "win share on disagreements",
                Words.percent(wins.share(), 2),
                wins.judged() == 0
                        ? ""
                        : Words.interval(
                                wins.interval(Summary.ALPHA).low(),
                                wins.interval(Summary.ALPHA).high(),
                                2),
                Words.count(wins.wins()) + " edge, " + Words.count(wins.losses()) + " frontier, "
                        + Words.count(wins.bothWrong()) + " both wrong (½ each), of " + Words.count(wins.judged())));
    }

    private static void share(List<Fact> facts, String name, Proportion share) {
        if (share.n() == 0) {
            return;
        }
        facts.add(new Fact(
                name,
                Words.percent(share.share(), 2),
                share.n() == 0
                        ? ""
                        : Words.interval(
                                share.wilson(Summary.ALPHA).low(),
                                share.wilson(Summary.ALPHA).high(),
                                2),
                counts(share)));
    }

    private static Fact calibration(String name, Calibration calibration) {
        String verdict =
                calibration.verdict().map(word -> "; " + word + " against 5 %").orElse("");
        return new Fact(
                name,
                Words.fixed(calibration.ece(), 4),
                "[" + Words.fixed(calibration.low(), 4) + ", " + Words.fixed(calibration.high(), 4) + "]",
                "perfect stays below " + Words.fixed(calibration.floor(), 4) + verdict);
    }

    static String counts(Proportion share) {
        return Words.count(share.events()) + " of " + Words.count(share.n());
    }

    private static void latency(StringBuilder text, PairReport report) {
        List<List<String>> rows = latencies(report);
        if (rows.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("latency, " + report.unit(), " p50", " p90", " p95", " p99", " p99.9", " n");
        rows.forEach(row -> table.add(row.toArray(String[]::new)));
        text.append('\n').append(table);
    }

    static List<List<String>> latencies(PairReport report) {
        List<List<String>> rows = new ArrayList<>();
        latency(rows, "edge", report.all().edgeLatency());
        latency(rows, "frontier", report.all().frontierLatency());
        return rows;
    }

    private static void latency(List<List<String>> rows, String arm, Optional<Latency> latency) {
        latency.ifPresent(seen -> {
            List<String> row = new ArrayList<>(List.of(arm));
            seen.percentiles().forEach(value -> row.add(Words.number(value)));
            row.add(Words.count(seen.n()));
            rows.add(row);
        });
    }

    private static void attribution(StringBuilder text, Attribution attribution) {
        text.append("\nquantization: ").append(sentence(attribution)).append('\n');
    }

    static String sentence(Attribution attribution) {
        String lost = Double.isNaN(attribution.lost())
                ? ""
                : String.format(Locale.ROOT, ", accuracy lost %.2f points", 100 * attribution.lost());
        String band = attribution
                .band()
                .map(expected -> "; expected for " + expected.text() + ": "
                        + attribution
                                .place()
                                .map(place -> place.equals("below") ? "less than that" : place + " the band")
                                .orElse(""))
                .orElse("; no band is known for its width");
        return attribution.build() + " gives another label than " + attribution.reference() + " on "
                + Words.percent(attribution.changed(), 2) + " "
                + Words.interval(
                        attribution.changedInterval().low(),
                        attribution.changedInterval().high(),
                        2) + " of "
                + Words.count(attribution.n()) + " (κ " + Words.fixed(attribution.kappa(), 3) + ")" + lost + band + ".";
    }

    private static void slices(StringBuilder text, PairReport.SliceTable table) {
        text.append("\nby ").append(Words.plain(table.column())).append(", worst first\n");
        boolean truth =
                table.slices().stream().anyMatch(slice -> slice.summary().hasTruth());
        TextTable lines = truth
                ? new TextTable(
                        "slice",
                        " pairs",
                        " agreement",
                        "95 % interval",
                        "verdict",
                        " κ",
                        " edge acc.",
                        " frontier acc.",
                        " win share",
                        " ECE")
                : new TextTable("slice", " pairs", " agreement", "95 % interval", "verdict", " κ");
        for (PairReport.Slice slice :
                table.slices().subList(0, Math.min(SLICES, table.slices().size()))) {
            List<String> row = row(slice, truth);
            lines.add(row.toArray(String[]::new));
        }
        text.append(lines);
        if (table.slices().size() > SLICES) {
            text.append("  and ").append(table.slices().size() - SLICES).append(" more; --format json has all\n");
        }
        text.append("  ").append(below(table)).append('\n');
    }

    static List<String> row(PairReport.Slice slice, boolean truth) {
        Summary summary = slice.summary();
        List<String> row = new ArrayList<>(List.of(
                Words.cut(slice.name(), NAME),
                Words.count(summary.rows()),
                Words.percent(summary.agreement().share()),
                Words.interval(summary.interval().low(), summary.interval().high(), 1),
                summary.verdict().word().toString() + (slice.below() ? " *" : ""),
                Words.fixed(summary.agreed().kappa(), 3)));
        if (truth) {
            row.add(Words.percent(summary.edgeAccuracy().share()));
            row.add(Words.percent(summary.frontierAccuracy().share()));
            row.add(Words.percent(summary.wins().share()));
            row.add(summary.truth()
                    .map(calibration -> Words.fixed(calibration.ece(), 3))
                    .orElse(Words.NONE));
        }
        return row;
    }

    static String below(PairReport.SliceTable table) {
        long below = table.slices().stream().filter(PairReport.Slice::below).count();
        return below == 0
                ? "No slice is shown to lie below the floor when all are judged together (e-BH, 5 %)."
                : "* shown below the floor with all slices judged together (e-BH, at most 5 % of them wrongly): "
                        + below + " of " + table.slices().size() + ".";
    }

    private static void bias(StringBuilder text, List<Bias> biases) {
        if (biases.isEmpty()) {
            return;
        }
        text.append("\nlargest gaps between groups (simultaneous 95 % intervals)\n");
        TextTable table = new TextTable("column", "measure", " gap", "interval", "highest", "lowest", "");
        biases.forEach(bias -> table.add(row(bias).toArray(String[]::new)));
        text.append(table);
    }

    static List<String> row(Bias bias) {
        return List.of(
                bias.column(),
                bias.measure(),
                String.format(Locale.ROOT, "%.1f points", 100 * bias.gap()),
                Words.interval(bias.interval().low(), bias.interval().high(), 1),
                bias.high() + " " + Words.percent(bias.highShare()),
                bias.low() + " " + Words.percent(bias.lowShare()),
                (bias.isShown() ? "a gap is shown" : "no gap is shown") + ", " + bias.groups() + " groups"
                        + (bias.leftOut() > 0 ? ", " + bias.leftOut() + " too small" : ""));
    }

    private static void confused(StringBuilder text, PairReport report) {
        if (report.confused().isEmpty()) {
            return;
        }
        text.append("\nmost frequent disagreements\n");
        TextTable table = new TextTable("edge", "frontier", " times", " of all");
        report.confused().stream()
                .limit(CONFUSED)
                .forEach(pair -> table.add(
                        Words.cut(pair.edge(), NAME),
                        Words.cut(pair.frontier(), NAME),
                        Words.count(pair.count()),
                        Words.percent(pair.share())));
        text.append(table);
    }
}
