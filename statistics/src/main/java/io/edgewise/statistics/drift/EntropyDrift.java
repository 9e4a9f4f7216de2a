// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.proportion.Interval;
import java.util.Arrays;

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
    /// The interval is that of [EntropyMoments#minus].
    public static EntropyDrift of(Cells reference, Cells current, double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "EntropyDrift: confidence " + confidence + " must lie in (0, 1) (0.95).");
        }
        EntropyMoments x = EntropyMoments.of(finite(reference));
        EntropyMoments y = EntropyMoments.of(finite(current));
        Interval change = y.minus(x, confidence);
        return new EntropyDrift(
                x.mean(),
                y.mean(),
                change.low(),
                change.high(),
                KolmogorovSmirnov.ofCells(finite(reference), finite(current)));
    }

    /// current - reference.
    public double difference() {
        return current - reference;
    }

    private static Cells finite(Cells counted) {
        int[] cells = Arrays.stream(counted.cells())
                .filter(cell -> !LogGrid.isApart(cell))
                .toArray();
        return new Cells(cells, Arrays.stream(cells).mapToLong(counted::count).toArray());
    }
}
