// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.statistics.drift.DriftVerdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One column of the current file against the baseline's.
///
/// @param counted how the values were counted
/// @param distances of numbers
/// @param unseen of categories: values in categories that the baseline never had
/// @param moved what each bin adds to the index, the largest first
public record ColumnDrift(
        String column,
        Kind kind,
        String counted,
        Side baseline,
        Side current,
        Index index,
        Shape shape,
        Distance distances,
        Apart missing,
        Optional<Apart> unseen,
        List<Moved> moved,
        Severity severity,
        Verdict verdict,
        List<String> notes) {
    /// @param values neither missing nor infinite
    /// @param mean NaN of categories, as are the range's ends
    public record Side(long rows, long values, double mean, double least, double largest, int different) {}

    /// The population stability index.
    ///
    /// @param corrected without what chance adds
    /// @param pWarn p-value against "at most the first limit"
    /// @param pAct against "at most the second"
    /// @param level what these had to be below: alpha divided by the number of columns
    /// @param needed further rows until it is decided; empty where more would not help
    public record Index(
            double psi,
            double corrected,
            int bins,
            double pWarn,
            double pAct,
            double level,
            DriftVerdict verdict,
            OptionalLong needed) {}

    /// The whole distribution.
    ///
    /// @param test `KS` or `chi-square`
    /// @param effect Kolmogorov and Smirnov's D, or Cramér's V
    /// @param over how far the exact D may lie above, where values were counted on a grid
    /// @param where the value at which D is attained; NaN of categories
    /// @param statistic of chi-square; NaN of numbers
    /// @param pAsymptotic as SciPy's asymptotic p of KS; that of chi-square
    /// @param adjusted p for all tests of the look (Benjamini and Hochberg)
    public record Shape(
            String test,
            double effect,
            double over,
            double where,
            double statistic,
            int degrees,
            double p,
            double pAsymptotic,
            double adjusted) {}

    /// @param jensenShannonBits divergence on the index's bins, of categories on all of them
    /// @param wasserstein in the column's unit; NaN of categories
    /// @param normalised by the baseline's standard deviation
    public record Distance(double jensenShannonBits, double wasserstein, double normalised) {}

    /// Shares of rows (missing) or of values (unseen).
    public record Apart(double before, double now, double p, double adjusted) {}

    /// @param bin the values it holds, as people write them
    public record Moved(String bin, double before, double now, double contribution) {}

    private static final long ENOUGH = 20;
    private static final double NEARLY_ALL = 0.9;

    /// Identifiers, time stamps, free texts: nearly every value names its row, so that those of another file are new
    /// whatever happened, and no share of them can be compared.
    public boolean namesRows() {
        return kind == Kind.CATEGORICAL
                && baseline.values() >= ENOUGH
                && baseline.different() >= NEARLY_ALL * baseline.values();
    }

    public ColumnDrift {
        moved = List.copyOf(moved);
        notes = List.copyOf(notes);
    }
}
