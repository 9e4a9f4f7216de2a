// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.proportion.Interval;
import org.apache.commons.math3.distribution.TDistribution;

/// How many entropies, their mean, and their variance with ddof 1.
public record EntropyMoments(double n, double mean, double variance) {
    /// Of entropies on [LogGrid], each taken at its cell's value; none of them apart.
    static EntropyMoments of(Cells finite) {
        int[] cells = finite.cells();
        double n = 0;
        double sum = 0;
        for (int cell : cells) {
            n += finite.count(cell);
            sum += finite.count(cell) * LogGrid.value(cell);
        }
        double mean = sum / n;
        double squares = 0;
        for (int cell : cells) {
            double gap = LogGrid.value(cell) - mean;
            squares += finite.count(cell) * gap * gap;
        }
        return new EntropyMoments(n, mean, cells.length == 1 ? 0 : squares / (n - 1));
    }

    /// Of sums that were counted.
    public static EntropyMoments ofSums(long n, double sum, double squares) {
        double mean = sum / n;
        return new EntropyMoments(n, mean, n < 2 ? 0 : Math.max(0, (squares - sum * mean) / (n - 1)));
    }

    /// Welch's interval of this mean minus the reference's: difference ± t · √(s²/n + u²/m), t of Student's law with
    /// Welch and Satterthwaite's degrees of freedom. NaN where a side has fewer than two.
    public Interval minus(EntropyMoments reference, double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "EntropyMoments: confidence " + confidence + " must lie in (0, 1) (0.95).");
        }
        double difference = mean - reference.mean;
        double half = half(reference, this, (1 + confidence) / 2);
        return new Interval(difference - half, difference + half);
    }

    private static double half(EntropyMoments x, EntropyMoments y, double quantile) {
        if (x.n < 2 || y.n < 2) {
            return Double.NaN;
        }
        double a = x.variance / x.n;
        double b = y.variance / y.n;
        if (a + b == 0) {
            return 0;
        }
        double degrees = (a + b) * (a + b) / (a * a / (x.n - 1) + b * b / (y.n - 1));
        return new TDistribution(null, degrees).inverseCumulativeProbability(quantile) * StrictMath.sqrt(a + b);
    }
}
