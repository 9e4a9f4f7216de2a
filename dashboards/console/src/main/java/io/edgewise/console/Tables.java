// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The tables of the live page, added up from evidence rows.
public final class Tables {
    private Tables() {}

    /// A stage and cohort since the stage began, whatever the minute.
    public record StageLine(
            String stage,
            String cohort,
            String css,
            String requests,
            String agreement,
            String interval,
            String kappa,
            String pairs,
            String p50,
            String p95,
            String p99,
            String cost,
            String errors,
            String challengerP99) {}

    public record SliceLine(
            String slice,
            String requests,
            String agreement,
            String interval,
            String pairs,
            int percent,
            String errors,
            String accuracy) {}

    public record DecisionLine(
            long number,
            Moment at,
            String kind,
            Tone tone,
            String actor,
            String stage,
            String share,
            String sentence,
            String hash,
            String fullHash) {}

    /// A feature in its last window: what is shown, and what is still open.
    public record DriftLine(
            String feature,
            Tone tone,
            String word,
            String psi,
            String verdict,
            String shape,
            String shapeP,
            String missing) {}

    public record FindingLine(Tone tone, String word, String feature, String opened, String closed, String sentence) {}

    private record StageKey(int stage, int cohort) implements Comparable<StageKey> {
        @Override
        public int compareTo(StageKey other) {
            return stage != other.stage ? Integer.compare(stage, other.stage) : Integer.compare(cohort, other.cohort);
        }
    }

    static List<StageLine> stages(Rows.Rollout rollout, List<Rows.Evidence> evidence) {
        SortedMap<StageKey, Tally> every = new TreeMap<>();
        SortedMap<StageKey, Tally> trusted = new TreeMap<>();
        for (Rows.Evidence row : evidence) {
            StageKey key = new StageKey(row.stage(), row.cohort());
            every.computeIfAbsent(key, k -> new Tally()).merge(row.tally());
            if (!row.escalated()) {
                trusted.computeIfAbsent(key, k -> new Tally()).merge(row.tally());
            }
        }
        List<StageLine> lines = new ArrayList<>();
        every.forEach((key, tally) -> lines.add(stage(
                stageName(rollout, key.stage()),
                key.cohort(),
                new Figures(tally),
                new Figures(trusted.getOrDefault(key, new Tally())))));
        return lines;
    }

    /// Pairs that exist only because the edge answer was not trusted are selected ones: they do not count here.
    private static StageLine stage(String stage, int cohort, Figures all, Figures trusted) {
        Optional<Figures.Share> agreement = trusted.agreement();
        boolean canary = cohort == Cohort.COHORT_CANARY_VALUE;
        return new StageLine(
                stage,
                canary ? "canary" : "control",
                canary ? "challenger" : "champion",
                Format.count(all.requests()),
                agreement.map(share -> Format.percent(share.value())).orElse(Format.NOTHING),
                agreement.map(Tables::interval).orElse(""),
                trusted.kappa().isPresent() ? Format.plain(trusted.kappa().getAsDouble()) : Format.NOTHING,
                agreement.map(share -> Format.count(share.n())).orElse("0"),
                Format.percentile(all.userLatency(0.50), all.requests()),
                Format.percentile(all.userLatency(0.95), all.requests()),
                Format.percentile(all.userLatency(0.99), all.requests()),
                Format.perThousand(all.costPerRequest()),
                Format.percent(all.assignedErrors()),
                Format.percentile(all.challengerLatency(0.99), all.challengerAttempts()));
    }

    static List<SliceLine> slices(List<Rows.Evidence> rows) {
        SortedMap<String, Tally> slices = new TreeMap<>();
        for (Rows.Evidence row : rows) {
            if (!row.slice().equals(Rows.ALL)) {
                slices.computeIfAbsent(row.slice(), slice -> new Tally()).merge(row.tally());
            }
        }
        List<SliceLine> lines = new ArrayList<>();
        slices.forEach((slice, tally) -> lines.add(slice(slice, new Figures(tally))));
        return lines;
    }

    private static SliceLine slice(String slice, Figures figures) {
        Optional<Figures.Share> agreement = figures.agreement();
        return new SliceLine(
                slice,
                Format.count(figures.requests()),
                agreement.map(share -> Format.percent(share.value())).orElse(Format.NOTHING),
                agreement.map(Tables::interval).orElse(""),
                agreement.map(share -> Format.count(share.n())).orElse("0"),
                agreement.map(share -> (int) Math.round(share.value() * 100)).orElse(0),
                Format.count(figures.challengerFailures()) + " of " + Format.count(figures.challengerAttempts()),
                Format.percent(figures.challengerAccuracy()));
    }

    static List<DecisionLine> decisions(Rows.Rollout rollout, List<Rows.Decision> decisions) {
        return decisions.stream().map(row -> decision(rollout, row)).toList();
    }

    private static DecisionLine decision(Rows.Rollout rollout, Rows.Decision row) {
        return new DecisionLine(
                row.number(),
                Moment.of(row.at()),
                Format.words(row.kind()),
                Tone.ofPhase(row.kind()),
                row.actor(),
                stageName(rollout, row.stage()),
                Ladder.share(stageName(rollout, row.stage()), row.shareBp()),
                row.sentence(),
                row.hash().length() > 10 ? row.hash().substring(0, 10) : row.hash(),
                row.hash());
    }

    static List<DriftLine> drift(List<Rows.Score> scores) {
        return scores.stream()
                .map(row -> new DriftLine(
                        row.feature(),
                        Tone.ofSeverity(row.severity()),
                        row.severity().equals("none") ? "Calm" : Format.words(row.severity()),
                        row.psiCorrected().isPresent()
                                ? Format.plain(Math.max(0, row.psiCorrected().getAsDouble()))
                                : Format.NOT_ENOUGH,
                        verdict(row),
                        shape(row.shape()),
                        row.shape().adjusted().isPresent()
                                ? Format.p(row.shape().adjusted().getAsDouble())
                                : Format.NOTHING,
                        missing(row.missing())))
                .toList();
    }

    private static String verdict(Rows.Score row) {
        return switch (row.verdict()) {
            case "BREACH" -> "yes, shown";
            case "SAFE" -> "no, shown";
            case "UNDECIDED" ->
                row.needed().isPresent()
                        ? "open, about " + Format.count(row.needed().getAsLong()) + " more"
                        : "open, more would not help";
            default -> Format.NOT_ENOUGH;
        };
    }

    static String shape(Rows.Shape shape) {
        if (shape.d().isPresent()) {
            return "D " + Format.plain(rounded(shape.d().getAsDouble()));
        }
        return shape.v().isPresent() ? "V " + Format.plain(rounded(shape.v().getAsDouble())) : Format.NOT_ENOUGH;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1000) / 1000;
    }

    private static String missing(Rows.Missing missing) {
        if (missing.current().isEmpty()) {
            return Format.NOTHING;
        }
        return Format.percent(missing.current())
                + (missing.baseline().isPresent() ? ", was " + Format.percent(missing.baseline()) : "");
    }

    static List<FindingLine> findings(List<Rows.Finding> findings) {
        return findings.stream()
                .map(row -> new FindingLine(
                        row.closedMinute().isPresent() ? Tone.IDLE : Tone.ofSeverity(row.severity()),
                        row.closedMinute().isPresent() ? "Closed" : Format.words(row.severity()),
                        row.feature(),
                        Format.minute(row.openedMinute()) + " UTC",
                        row.closedMinute().isPresent()
                                ? Format.minute(row.closedMinute().getAsLong()) + " UTC"
                                : "open",
                        row.sentence()))
                .toList();
    }

    static String stageName(Rows.Rollout rollout, int stage) {
        if (stage >= 0 && stage < rollout.plan().size()) {
            return rollout.plan().get(stage).name();
        }
        return stage == rollout.stage() ? rollout.stageName() : "stage " + stage;
    }

    private static String interval(Figures.Share share) {
        return Format.percent(share.low()) + " to " + Format.percent(share.high());
    }
}
