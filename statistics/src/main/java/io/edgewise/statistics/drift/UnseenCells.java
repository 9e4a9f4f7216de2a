// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.special.Gamma;

/// Whether a window holds more observations in cells that its baseline never saw than chance explains.
///
/// Comparing 0 of n with u of m would call every window with rare values drifted. Instead: if nothing
/// changed, which n of the n + m observations are the baseline is a random draw, so a cell of t
/// observations lies wholly in the window with probability q = m .. (m-t+1) / (N .. (N-t+1)), and U is
/// a sum of t over such cells. A cell of more than u alone suffices: these chances are added. The
/// others are negatively associated (Joag-Dev and Proschan 1983), so Chernoff's bound, the least e^(-s
/// u) Π (1 - q + q e^(s t)) over s, holds as for independent ones. The p-value, their sum, is valid for
/// every law and size, and several times larger than need be.
final class UnseenCells {
    private static final int STEPS = 100;
    private static final double STEEPEST = 1e6;

    private final Map<Long, Long> cellsOfSize = new TreeMap<>();
    private final double n;
    private final double m;

    private UnseenCells(Cells baseline, Cells window) {
        Cells both = baseline.plus(window);
        int[] cells = both.cells();
        long[] counts = both.counts();
        double inWindow = 0;
        double all = 0;
        for (int i = 0; i < cells.length; i++) {
            if (!LogGrid.isApart(cells[i])) {
                cellsOfSize.merge(counts[i], 1L, Long::sum);
                all += counts[i];
                inWindow += window.count(cells[i]);
            }
        }
        m = inWindow;
        n = all - inWindow;
    }

    /// Observations of the window in cells without any of the baseline; missing and infinite ones left
    /// out.
    static long count(Cells baseline, Cells window) {
        int[] cells = window.cells();
        long[] counts = window.counts();
        long unseen = 0;
        for (int i = 0; i < cells.length; i++) {
            unseen += LogGrid.isApart(cells[i]) || baseline.count(cells[i]) > 0 ? 0 : counts[i];
        }
        return unseen;
    }

    static double p(Cells baseline, Cells window) {
        UnseenCells law = new UnseenCells(baseline, window);
        return law.n == 0 || law.m == 0 ? 1 : law.bound((double) count(baseline, window));
    }

    private double bound(double u) {
        double large = 0;
        for (Map.Entry<Long, Long> size : cellsOfSize.entrySet()) {
            large +=
                    size.getKey() > u && size.getKey() <= m ? size.getValue() * StrictMath.exp(logQ(size.getKey())) : 0;
        }
        cellsOfSize.keySet().removeIf(t -> t > u);
        if (u <= tilted(0)[1]) {
            return 1;
        }
        double high = 1;
        while (tilted(high)[1] < u && high < STEEPEST) {
            high *= 2;
        }
        double low = 0;
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            if (tilted(middle)[1] < u) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.min(1, large + StrictMath.exp(tilted(low)[0] - low * u));
    }

    /// Σ ln(1 - q + q e^(s t)), and its slope.
    private double[] tilted(double s) {
        double value = 0;
        double slope = 0;
        for (Map.Entry<Long, Long> size : cellsOfSize.entrySet()) {
            double t = size.getKey();
            if (t > m) {
                continue;
            }
            double logQ = logQ(t);
            double raised = logQ + s * t;
            double stays = logQ >= 0 ? Double.NEGATIVE_INFINITY : StrictMath.log1p(-StrictMath.exp(logQ));
            double large = Math.max(raised, stays);
            double log = large + StrictMath.log1p(StrictMath.exp(Math.min(raised, stays) - large));
            value += size.getValue() * log;
            slope += size.getValue() * t * StrictMath.exp(raised - log);
        }
        return new double[] {value, slope};
    }

    private double logQ(double t) {
        return fallingFactorial(m, t) - fallingFactorial(n + m, t);
    }

    /// ln of x (x - 1) .. (x - t + 1).
    private static double fallingFactorial(double x, double t) {
        return Gamma.logGamma(x + 1) - Gamma.logGamma(x - t + 1);
    }
}
