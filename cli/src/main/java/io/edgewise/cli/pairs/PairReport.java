// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.cli.table.BadInput;
import io.edgewise.statistics.multiple.EValues;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether the edge model is good enough, from pairs.
///
/// @param source the file, or the models that made the pairs
/// @param unit of latencies
/// @param confused pairs of different labels, the most frequent first
/// @param notes what people have to know besides
/// @param confusion how often each label of the edge met each of the frontier, the most frequent first
public record PairReport(
        String source,
        double floor,
        String unit,
        Summary all,
        List<SliceTable> slices,
        List<Bias> biases,
        List<Confused> confused,
        Confusion confusion,
        Optional<Attribution> attribution,
        List<String> notes) {
    private static final int CONFUSED = 20;
    private static final int CELLS = 25_000;

    /// @param share of all disagreements
    public record Confused(String edge, String frontier, long count, double share) {}

    public record Cell(String edge, String frontier, long count) {}

    /// @param complete whether all cells that are not zero are there: more than 25,000 are not written
    public record Confusion(List<Cell> cells, boolean complete) {
        public Confusion {
            cells = List.copyOf(cells);
        }
    }

    /// One slice column. Which slices are shown to lie below the floor is decided for all of them together: e-values,
    /// of which e-BH calls at most 5 % wrongly.
    ///
    /// @param slices the worst first: those shown below, then by the upper bound of their agreement
    public record SliceTable(String column, List<Slice> slices) {
        public SliceTable {
            slices = List.copyOf(slices);
        }
    }

    /// @param logE natural logarithm of the evidence that agreement is below the floor
    public record Slice(String name, Summary summary, double logE, boolean below) {}

    /// What the user asks for besides the pairs.
    public record Wishes(double floor, String unit) {
        public Wishes {
            if (!(floor > 0 && floor < 1)) {
                throw new BadInput("--floor " + floor + " must lie strictly between 0 and 1 (0.85, not 85).");
            }
        }
    }

    public PairReport {
        slices = List.copyOf(slices);
        biases = List.copyOf(biases);
        confused = List.copyOf(confused);
        notes = List.copyOf(notes);
    }

    public PairReport with(List<String> more) {
        return new PairReport(source, floor, unit, all, slices, biases, confused, confusion, attribution, more);
    }

    public static PairReport of(String source, PairCounts counts, Wishes wishes, Optional<Attribution> attribution) {
        List<Bias> biases = new ArrayList<>();
        for (String column : counts.columns().sensitive()) {
            biases.addAll(Bias.of(column, counts.slices(column)));
        }
        Set<String> columns = new LinkedHashSet<>(counts.columns().slices());
        columns.addAll(counts.columns().sensitive());
        return new PairReport(
                source,
                wishes.floor(),
                wishes.unit(),
                Summary.of(counts.all(), wishes.floor()),
                columns.stream()
                        .map(column -> slices(column, counts.slices(column), wishes.floor()))
                        .toList(),
                biases,
                confused(counts),
                confusion(counts),
                attribution,
                List.of());
    }

    private static SliceTable slices(String column, Map<String, Tally> tallies, double floor) {
        MeanTest below = new MeanTest(Purpose.BREACH, Side.BELOW, floor, 0, 1);
        List<String> names = List.copyOf(tallies.keySet());
        List<Summary> summaries =
                tallies.values().stream().map(tally -> Summary.of(tally, floor)).toList();
        double[] evidence = summaries.stream()
                .mapToDouble(summary -> below.logE(summary.totals().forBreach()))
                .toArray();
        boolean[] shown = EValues.benjaminiHochberg(evidence, Summary.ALPHA);
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            slices.add(new Slice(names.get(i), summaries.get(i), evidence[i], shown[i]));
        }
        slices.sort(Comparator.comparing((Slice slice) -> !slice.below())
                .thenComparingDouble(slice -> slice.summary().interval().high())
                .thenComparing(Slice::name));
        return new SliceTable(column, slices);
    }

    private static Confusion confusion(PairCounts counts) {
        List<Cell> cells = counts.all().table().cells().stream()
                .limit(CELLS + 1L)
                .map(cell -> new Cell(
                        counts.labels().text(cell.edge()), counts.labels().text(cell.frontier()), cell.count()))
                .toList();
        return new Confusion(cells.subList(0, Math.min(cells.size(), CELLS)), cells.size() <= CELLS);
    }

    private static List<Confused> confused(PairCounts counts) {
        long differ = counts.all().totals().differ();
        return counts.all().table().cells().stream()
                .filter(cell -> cell.edge() != cell.frontier())
                .limit(CONFUSED)
                .map(cell -> new Confused(
                        counts.labels().text(cell.edge()),
                        counts.labels().text(cell.frontier()),
                        cell.count(),
                        (double) cell.count() / differ))
                .toList();
    }
}
