// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.statistics.multiple.Adjustment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What has moved between two files.
///
/// The index of each column is tested at alpha divided by the number of columns; whole distributions, missing and
/// unseen values are tested beside it, with p-values adjusted for all tests of the look (Benjamini and Hochberg),
/// and warn where the effect is large too. These are the definitions of live drift.
///
/// @param columns the most severe first
/// @param groups by the grouping column, the most severe first
public record DriftReport(
        File baseline,
        File current,
        DriftLimits limits,
        List<ColumnDrift> columns,
        Optional<String> by,
        List<GroupDrift> groups,
        List<String> notes) {
    public record File(String name, long rows) {}

    /// One group of rows. All groups are one look: they share alpha.
    public record GroupDrift(String group, long baselineRows, long currentRows, List<ColumnDrift> columns) {
        public GroupDrift {
            columns = List.copyOf(columns);
        }

        public Severity severity() {
            return worst(columns);
        }

        public long drifted() {
            return columns.stream()
                    .filter(column -> column.verdict() == Verdict.DRIFT)
                    .count();
        }
    }

    public DriftReport {
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
        notes = List.copyOf(notes);
    }

    public static DriftReport of(FileCounts baseline, FileCounts current, DriftLimits limits) {
        List<ColumnDrift> columns = sorted(look(
                        List.of(new Pair(
                                "",
                                new FileCounts.Group(baseline.all(), baseline.rows()),
                                new FileCounts.Group(current.all(), current.rows()))),
                        baseline.plan(),
                        limits)
                .getFirst());
        return new DriftReport(
                new File(baseline.file(), baseline.rows()),
                new File(current.file(), current.rows()),
                limits,
                columns,
                baseline.by(),
                groups(baseline, current, limits),
                baseline.plan().notes());
    }

    private static List<GroupDrift> groups(FileCounts baseline, FileCounts current, DriftLimits limits) {
        Map<String, FileCounts.Group> before = baseline.groups();
        Map<String, FileCounts.Group> now = current.groups();
        Map<String, Pair> pairs = new TreeMap<>();
        before.forEach((name, group) ->
                pairs.put(name, new Pair(name, group, now.getOrDefault(name, current.nothing()))));
        now.forEach((name, group) -> pairs.putIfAbsent(name, new Pair(name, baseline.nothing(), group)));
        List<Pair> all = List.copyOf(pairs.values());
        List<List<ColumnDrift>> looked = look(all, baseline.plan(), limits);
        List<GroupDrift> groups = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Pair pair = all.get(i);
            groups.add(new GroupDrift(
                    pair.name(), pair.baseline().rows(), pair.current().rows(), sorted(looked.get(i))));
        }
        groups.sort(Comparator.comparing(GroupDrift::severity)
                .thenComparingLong(GroupDrift::drifted)
                .reversed());
        return groups;
    }

    private record Pair(String name, FileCounts.Group baseline, FileCounts.Group current) {}

    /// All columns of all pairs: one look.
    private static List<List<ColumnDrift>> look(List<Pair> pairs, Plan plan, DriftLimits limits) {
        int tests = pairs.size() * plan.columns().size();
        List<List<Measured>> measured = new ArrayList<>();
        List<Double> given = new ArrayList<>();
        for (Pair pair : pairs) {
            List<Measured> columns = new ArrayList<>();
            for (int i = 0; i < plan.columns().size(); i++) {
                Measured column = Measured.of(
                        plan.columns().get(i),
                        pair.baseline().columns().get(i),
                        pair.current().columns().get(i),
                        new long[] {pair.baseline().rows(), pair.current().rows()},
                        limits,
                        tests);
                columns.add(column);
                given.add(column.drift().shape().p());
                given.add(column.drift().missing().p());
                column.drift().unseen().ifPresent(unseen -> given.add(unseen.p()));
            }
            measured.add(columns);
        }
        double[] adjusted = Adjustment.BENJAMINI_HOCHBERG.adjusted(
                given.stream().mapToDouble(Double::doubleValue).toArray());
        int[] at = {0};
        return measured.stream()
                .map(columns -> columns.stream()
                        .map(column -> judged(column.drift(), adjusted, at, limits))
                        .toList())
                .toList();
    }

    private static ColumnDrift judged(ColumnDrift drift, double[] adjusted, int[] at, DriftLimits limits) {
        ColumnDrift.Shape test = drift.shape();
        ColumnDrift.Shape shape = new ColumnDrift.Shape(
                test.test(),
                test.effect(),
                test.over(),
                test.where(),
                test.statistic(),
                test.degrees(),
                test.p(),
                test.pAsymptotic(),
                adjusted[at[0]++]);
        ColumnDrift.Apart missing = adjusted(drift.missing(), adjusted[at[0]++]);
        Optional<ColumnDrift.Apart> unseen = drift.unseen().map(apart -> adjusted(apart, adjusted[at[0]++]));
        ColumnDrift.Index index = drift.index();
        // Of names of rows, the most frequent are any, and only what is missing can be compared.
        boolean isCompared = !drift.namesRows();
        boolean beyond = isBeyond(missing, limits)
                || isCompared
                        && (index.pWarn() < index.level()
                                || shape.effect() >= limits.effect() && shape.adjusted() < limits.alpha()
                                || unseen.isPresent() && isBeyond(unseen.get(), limits));
        boolean isFar = isCompared && index.pAct() < index.level();
        Severity severity = isFar ? Severity.ACT : beyond ? Severity.WARN : Severity.NONE;
        Verdict verdict = severity != Severity.NONE
                ? Verdict.DRIFT
                : switch (index.verdict()) {
                    case SAFE -> drift.namesRows() ? Verdict.UNDECIDED : Verdict.STABLE;
                    case BREACH, UNDECIDED -> Verdict.UNDECIDED;
                };
        return new ColumnDrift(
                drift.column(),
                drift.kind(),
                drift.counted(),
                drift.baseline(),
                drift.current(),
                index,
                shape,
                drift.distances(),
                missing,
                unseen,
                drift.moved(),
                severity,
                verdict,
                drift.notes());
    }

    private static ColumnDrift.Apart adjusted(ColumnDrift.Apart apart, double p) {
        return new ColumnDrift.Apart(apart.before(), apart.now(), apart.p(), p);
    }

    private static boolean isBeyond(ColumnDrift.Apart apart, DriftLimits limits) {
        return Math.abs(apart.now() - apart.before()) >= limits.apart() && apart.adjusted() < limits.alpha();
    }

    private static List<ColumnDrift> sorted(List<ColumnDrift> columns) {
        return columns.stream()
                .sorted(Comparator.comparing(ColumnDrift::severity)
                        .thenComparingDouble(column -> column.index().psi())
                        .reversed())
                .toList();
    }

    private static Severity worst(List<ColumnDrift> columns) {
        return columns.stream()
                .map(ColumnDrift::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.NONE);
    }

    public Severity severity() {
        return worst(columns);
    }

    /// The worst of all rows and of every group.
    public Severity worst() {
        Severity worst = severity();
        for (GroupDrift group : groups) {
            worst = group.severity().compareTo(worst) > 0 ? group.severity() : worst;
        }
        return worst;
    }
}
