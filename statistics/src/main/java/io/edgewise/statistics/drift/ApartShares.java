// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;

/// What no bin of the index holds, tested apart: missing and infinite values, and cells that the baseline
/// never saw. Four p-values: whoever decides on all of them divides alpha by four.
public record ApartShares(Share missing, Share negativeInfinite, Share positiveInfinite, Share unseen) {
    /// @param baseline observations of the kind in the baseline
    /// @param window observations of the kind in the window
    /// @param p two-sided for missing and infinite values (Fisher's exact test against all observations),
    ///     one-sided for unseen cells; 1 where a side is empty
    public record Share(long baseline, long window, double p) {}

    public static ApartShares of(Cells baseline, Cells window) {
        return new ApartShares(
                share(baseline, window, LogGrid.MISSING),
                share(baseline, window, LogGrid.NEGATIVE_INFINITY),
                share(baseline, window, LogGrid.POSITIVE_INFINITY),
                new Share(0, UnseenCells.count(baseline, window), UnseenCells.p(baseline, window)));
    }

    private static Share share(Cells baseline, Cells window, int cell) {
        long before = baseline.count(cell);
        long now = window.count(cell);
        double p = new TwoByTwo(before, baseline.total() - before, now, window.total() - now).p();
        return new Share(before, now, p);
    }
}
