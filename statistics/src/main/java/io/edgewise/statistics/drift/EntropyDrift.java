// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;

/// Whether answers have become less certain: the difference of mean entropy, and of its whole
/// distribution.
///
/// Entropies are counted on [LogGrid] and taken at their cell's value, so each mean is within 1 % of the
/// exact one, usually far nearer; the interval does not include this. Missing and infinite values are
/// left out.
///
/// @param reference mean entropy of the reference; NaN where it is empty
/// @param current mean entropy of the current sample; NaN where it is empty
/// @param low lower end of Welch's interval of current - reference; NaN where a side has fewer than two
///     observations
/// @param high upper end of it
/// @param distributions Kolmogorov-Smirnov on the cells
public record EntropyDrift(double reference, double current, double low, double high, KolmogorovSmirnov distributions) {
    /// Welch's interval: difference ± t · √(s²/n + u²/m), t of Student's law with Welch and
    /// Satterthwaite's degrees of freedom, variances with ddof 1.
    public static EntropyDrift of(Cells reference, Cells current, double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "EntropyDrift: confidence " + confidence + " must lie in (0, 1) (0.95).");
        }
        Moments x = Moments.of(reference);
        Moments y = Moments.of(current);
        double difference = y.mean - x.mean;
        double half = half(x, y, (1 + confidence) / 2);
        return new EntropyDrift(
                x.mean,
                y.mean,
                difference - half,
                difference + half,
                KolmogorovSmirnov.ofCells(finite(reference), finite(current)));
    }

    /// current - reference.
    public double difference() {
        return current - reference;
    }

    private static double half(Moments x, Moments y, double quantile) {
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

    private static Cells finite(Cells counted) {
        int[] cells = Arrays.stream(counted.cells())
                .filter(cell -> !LogGrid.isApart(cell))
                .toArray();
        return new Cells(cells, Arrays.stream(cells).mapToLong(counted::count).toArray());
    }

    private record Moments(double n, double mean, double variance) {
        static Moments of(Cells counted) {
            int[] cells = finite(counted).cells();
            double n = 0;
            double sum = 0;
            for (int cell : cells) {
                n += counted.count(cell);
                sum += counted.count(cell) * LogGrid.value(cell);
            }
            double mean = sum / n;
            double squares = 0;
            for (int cell : cells) {
                double gap = LogGrid.value(cell) - mean;
                squares += counted.count(cell) * gap * gap;
            }
            return new Moments(n, mean, cells.length == 1 ? 0 : squares / (n - 1));
        }
    }
}
