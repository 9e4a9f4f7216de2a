// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.calibration.CalibrationBins;
import io.edgewise.statistics.calibration.EceInterval;
import io.edgewise.statistics.calibration.Reliability;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// The pictures of the live page.
final class Charts {
    private static final double[] QUANTILES = {0.50, 0.95, 0.99};
    private static final String[] WEIGHTS = {"p50", "p95", "p99"};
    private static final String NO_MINUTE =
            "No minute has been counted yet. The first point appears seconds after the first observation.";
    private static final String NO_HOUR =
            "No hour has figures yet. Those of the present one are made every five minutes.";

    private final Period period;
    private final SortedMap<Long, Traffic> all;
    private final IntFunction<SortedMap<Long, Traffic>> ofCohort;
    private final List<TimeChart.Mark> marks;

    /// Of the last hour, minute by minute.
    Charts(Rows.Rollout rollout, List<Rows.Window> windows) {
        this.period = Period.HOUR;
        this.all = byMinute(windows, row -> true);
        this.ofCohort = cohort -> byMinute(windows, row -> row.cohort() == cohort);
        SortedMap<Integer, Long> begins = new TreeMap<>();
        windows.forEach(row -> begins.merge(row.stage(), row.minute(), Math::min));
        this.marks = marks(rollout, begins);
    }

    /// Of a longer period, hour by hour.
    Charts(Rows.Rollout rollout, Period period, List<Rows.Hour> hours) {
        this.period = period;
        this.all = byHour(hours, row -> true);
        this.ofCohort = cohort -> byHour(hours, row -> row.cohort() == cohort);
        SortedMap<Integer, Long> begins = new TreeMap<>();
        hours.forEach(row -> begins.merge(row.stage(), row.minute(), Math::min));
        this.marks = marks(rollout, begins);
    }

    Chart agreement(OptionalDouble floor) {
        List<TimeChart.Point> points = new ArrayList<>();
        all.forEach((minute, traffic) -> traffic.agreement().ifPresent(share -> {
            String note = period.time(minute) + " UTC: " + Format.percent(share.value()) + " of "
                    + Format.count(share.n()) + " pairs agree, interval " + Format.percent(share.low()) + " to "
                    + Format.percent(share.high());
            points.add(new TimeChart.Point(minute, share.value(), share.low(), share.high(), note));
        }));
        if (points.isEmpty()) {
            return Chart.empty("agreement", "Agreement of the pairs", nothing());
        }
        List<TimeChart.Limit> limits = floor.isPresent()
                ? List.of(new TimeChart.Limit(floor.getAsDouble(), "floor " + Format.percent(floor.getAsDouble())))
                : List.of();
        TimeChart chart = new TimeChart(
                new TimeChart.Axis(Format::percent, TimeChart.Reach.SHARE, period),
                List.of(new TimeChart.Series("agreement", "challenger", points)),
                limits,
                marks);
        String label =
                "Agreement per " + period.unit() + ". Last: " + points.getLast().note() + ". "
                        + limits.stream().map(TimeChart.Limit::word).findFirst().orElse("No floor");
        return new Chart(
                "agreement",
                "Agreement of the pairs",
                per("95 % interval"),
                List.of(new Chart.Key("challenger", "challenger = champion"), new Chart.Key("limit", "floor")),
                chart.draw(label),
                "");
    }

    Chart latency() {
        List<TimeChart.Series> series = new ArrayList<>();
        for (Cohort cohort : List.of(Cohort.COHORT_CONTROL, Cohort.COHORT_CANARY)) {
            for (int i = 0; i < QUANTILES.length; i++) {
                double quantile = QUANTILES[i];
                series.add(line(cohort, WEIGHTS[i], Format::micros, traffic -> traffic.userLatency(quantile)));
            }
        }
        TimeChart chart = new TimeChart(
                new TimeChart.Axis(Format::micros, TimeChart.Reach.MAGNITUDE, period), series, List.of(), marks);
        return cohorts(chart, new Chart("latency", "Latency the user met", per("log scale"), latencyKeys(), "", ""));
    }

    private static List<Chart.Key> latencyKeys() {
        return List.of(
                new Chart.Key("champion", "control"),
                new Chart.Key("challenger", "canary"),
                new Chart.Key("weight p50", "p50"),
                new Chart.Key("weight p95", "p95"),
                new Chart.Key("weight p99", "p99"));
    }

    Chart cost() {
        List<TimeChart.Series> series = new ArrayList<>();
        for (Cohort cohort : List.of(Cohort.COHORT_CONTROL, Cohort.COHORT_CANARY)) {
            series.add(line(cohort, "cost", Format::perThousand, Traffic::costPerRequest));
        }
        TimeChart chart = new TimeChart(
                new TimeChart.Axis(Format::perThousand, TimeChart.Reach.AMOUNT, period), series, List.of(), marks);
        return cohorts(
                chart,
                new Chart(
                        "cost",
                        "Cost per 1,000 requests",
                        per("price card's currency"),
                        List.of(new Chart.Key("champion", "control"), new Chart.Key("challenger", "canary")),
                        "",
                        ""));
    }

    Chart split() {
        List<SplitChart.Column> columns = new ArrayList<>();
        all.forEach((minute, traffic) ->
                columns.add(new SplitChart.Column(minute, traffic.championServed(), traffic.challengerServed())));
        if (columns.stream().allMatch(column -> column.total() == 0)) {
            return Chart.empty("split", "Who answered", nothing());
        }
        SplitChart.Column last = columns.getLast();
        String label = "Requests per " + period.unit() + " by who answered. Last " + period.unit() + ": "
                + Format.count(last.champion()) + " champion, " + Format.count(last.challenger()) + " challenger";
        return new Chart(
                "split",
                "Who answered",
                "requests per " + period.unit(),
                List.of(new Chart.Key("bar champion", "champion"), new Chart.Key("bar challenger", "challenger")),
                new SplitChart(columns, marks, period).draw(label),
                "");
    }

    static Chart reliability(List<Rows.Evidence> evidence) {
        Tally tally = new Tally();
        evidence.forEach(row -> tally.merge(row.tally()));
        Reliability data = new Figures(tally).reliability();
        if (data.total() == 0) {
            return Chart.empty(
                    "reliability",
                    "Reliability against truth",
                    "No truth yet. Send feedback with the true label, for example from a correction in your app.");
        }
        CalibrationBins bins = data.bins();
        EceInterval interval = EceInterval.of(bins, 1 - Figures.ALPHA);
        double floor = bins.nullQuantile(1 - Figures.ALPHA);
        String figures = "ECE " + Format.percent(bins.ece()) + ", 95 % interval " + Format.percent(interval.low())
                + " to " + Format.percent(interval.high()) + ", n " + Format.count(bins.total());
        String chance = (bins.ece() <= floor ? "No news: a perfect model" : "A perfect model") + " shows up to "
                + Format.percent(floor) + " by chance; without chance "
                + Format.percent(StrictMath.sqrt(Math.max(0, bins.squaredL2Debiased()))) + " (L2)";
        return new Chart(
                "reliability",
                "Reliability against truth",
                figures + ", since the start. " + chance,
                List.of(
                        new Chart.Key("bar challenger", "was right"),
                        new Chart.Key("whisker", "95 % interval"),
                        new Chart.Key("said", "confidence said"),
                        new Chart.Key("ideal", "ideal")),
                ReliabilityChart.draw(
                        data,
                        "Reliability diagram of the challenger against truth in 15 bins: " + figures + ". " + chance),
                "");
    }

    /// The newest score of every feature.
    static Chart drift(List<Rows.Score> scores) {
        List<DriftChart.Bar> bars = new ArrayList<>();
        for (Rows.Score row : scores) {
            OptionalDouble psi = row.psiCorrected().isPresent() ? row.psiCorrected() : row.psi();
            psi.ifPresent(value -> bars.add(new DriftChart.Bar(
                    row.feature(),
                    Math.max(0, value),
                    Tone.ofSeverity(row.severity()),
                    row.feature() + ": PSI " + Format.plain(Math.max(0, value)) + " of " + Format.count(row.currentN())
                            + " now against " + Format.count(row.baselineN()) + " in the baseline, "
                            + Tables.shape(row.shape()) + ", "
                            + Format.minute(row.minute()) + " UTC")));
        }
        if (bars.isEmpty()) {
            return Chart.empty(
                    "drift",
                    "Drift against the baseline",
                    "No score yet. The baseline is taken in shadow; scores follow once it is frozen.");
        }
        StringBuilder label = new StringBuilder("Drift of each feature: ");
        bars.forEach(bar -> label.append(bar.note()).append("; "));
        return new Chart(
                "drift",
                "Drift against the baseline",
                "PSI of the last minute, corrected for sample size",
                List.of(
                        new Chart.Key("bar tone-good", "calm"),
                        new Chart.Key("bar tone-warn", "warn"),
                        new Chart.Key("bar tone-bad", "act")),
                DriftChart.draw(bars, label.toString()),
                "");
    }

    private Chart cohorts(TimeChart chart, Chart frame) {
        if (chart.isEmpty()) {
            return Chart.empty(frame.id(), frame.title(), nothing());
        }
        StringBuilder label = new StringBuilder(frame.title())
                .append(", both cohorts, per ")
                .append(period.unit())
                .append('.');
        for (TimeChart.Series series : chart.series()) {
            if (!series.points().isEmpty()) {
                label.append(' ').append(series.points().getLast().note()).append('.');
            }
        }
        boolean canary = chart.series().stream()
                .anyMatch(series -> series.css().startsWith("challenger")
                        && !series.points().isEmpty());
        List<Chart.Key> keys = frame.keys().stream()
                .filter(key -> canary || !key.css().equals("challenger"))
                .toList();
        return new Chart(frame.id(), frame.title(), frame.about(), keys, chart.draw(label.toString()), "");
    }

    private TimeChart.Series line(
            Cohort cohort, String weight, DoubleFunction<String> format, Function<Traffic, OptionalDouble> figure) {
        boolean canary = cohort == Cohort.COHORT_CANARY;
        String name = canary ? "canary" : "control";
        List<TimeChart.Point> points = new ArrayList<>();
        ofCohort.apply(cohort.getNumber()).forEach((minute, traffic) -> {
            OptionalDouble value = figure.apply(traffic);
            if (value.isPresent()) {
                String note =
                        name + " " + weight + " " + period.time(minute) + " UTC: " + format.apply(value.getAsDouble());
                points.add(TimeChart.Point.exact(minute, value.getAsDouble(), note));
            }
        });
        return new TimeChart.Series(name, (canary ? "challenger " : "champion ") + weight, points);
    }

    private String per(String more) {
        return "per " + period.unit() + ", " + more;
    }

    private String nothing() {
        return period == Period.HOUR ? NO_MINUTE : NO_HOUR;
    }

    private static SortedMap<Long, Traffic> byMinute(List<Rows.Window> windows, Predicate<Rows.Window> which) {
        SortedMap<Long, Tally> minutes = new TreeMap<>();
        for (Rows.Window row : windows) {
            if (which.test(row)) {
                minutes.computeIfAbsent(row.minute(), minute -> new Tally()).merge(row.tally());
            }
        }
        SortedMap<Long, Traffic> traffic = new TreeMap<>();
        minutes.forEach((minute, tally) -> traffic.put(minute, new Figures(tally)));
        return traffic;
    }

    private static SortedMap<Long, Traffic> byHour(List<Rows.Hour> rows, Predicate<Rows.Hour> which) {
        SortedMap<Long, List<Rows.Hour>> hours = new TreeMap<>();
        for (Rows.Hour row : rows) {
            if (which.test(row)) {
                hours.computeIfAbsent(row.minute(), minute -> new ArrayList<>()).add(row);
            }
        }
        SortedMap<Long, Traffic> traffic = new TreeMap<>();
        hours.forEach((minute, of) -> traffic.put(minute, new Hours(of)));
        return traffic;
    }

    /// Where each stage began; of stages that began in one step, the last.
    private static List<TimeChart.Mark> marks(Rows.Rollout rollout, SortedMap<Integer, Long> begins) {
        SortedMap<Long, String> words = new TreeMap<>();
        begins.forEach((stage, minute) -> words.put(minute, Tables.stageName(rollout, stage)));
        return words.entrySet().stream()
                .map(entry -> new TimeChart.Mark(entry.getKey(), entry.getValue()))
                .toList();
    }
}
