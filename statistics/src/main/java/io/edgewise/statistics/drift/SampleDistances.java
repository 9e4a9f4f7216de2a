// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/// Distances between two distributions of values on a line, from the area between their distribution
/// functions F and G. All are NaN where a side is empty.
///
/// From counts on a grid every observation is taken at its cell's value: the Wasserstein distance is then
/// off by at most the mean of both sides' half cell widths (1 % of the mean size on [LogGrid]).
///
/// @param wasserstein Wasserstein-1 distance ∫ |F - G| (Vallender 1974; SciPy's `wasserstein_distance`): how
///     far the mean observation has moved, in its own unit
/// @param normalised wasserstein / population standard deviation (ddof 0) of the reference; NaN where
///     that is 0
/// @param energy energy distance √(2 ∫ (F - G)²) = √(2 E|X - Y| - E|X - X'| - E|Y - Y'|) (Székely and Rizzo
///     2013), with the square root as in SciPy's `energy_distance`; others leave it squared
public record SampleDistances(double wasserstein, double normalised, double energy) {
    /// Values must be finite: an infinite one makes every distance infinite; test their share apart.
    public static SampleDistances of(double[] reference, double[] current) {
        return of(points("reference", reference), points("current", current));
    }

    /// Counts on one grid in value order, `value` being the grid's (`LogGrid::value`). Missing and
    /// infinite cells are left out; their shares are tested apart ([ApartShares]).
    public static SampleDistances ofCells(Cells reference, Cells current, IntToDoubleFunction value) {
        return of(points(reference, value), points(current, value));
    }

    @SuppressWarnings("ArrayRecordComponent") // lives within one call
    private record Points(double[] values, long[] counts, double total) {
        double standardDeviation() {
            double mean = 0;
            for (int i = 0; i < values.length; i++) {
                mean += counts[i] / total * values[i];
            }
            double squares = 0;
            for (int i = 0; i < values.length; i++) {
                squares += counts[i] / total * (values[i] - mean) * (values[i] - mean);
            }
            return values.length < 2 || values[0] == values[values.length - 1] ? 0 : StrictMath.sqrt(squares);
        }
    }

    private static Points points(String what, double[] sample) {
        double[] sorted = Samples.sorted("SampleDistances: " + what, sample);
        for (double value : sorted) {
            if (Double.isInfinite(value)) {
                throw new IllegalArgumentException("SampleDistances: " + what + " holds " + value
                        + "; leave infinite values out and test their share apart.");
            }
        }
        long[] ones = new long[sorted.length];
        Arrays.fill(ones, 1);
        return new Points(sorted, ones, sorted.length);
    }

    private static Points points(Cells counted, IntToDoubleFunction value) {
        int[] cells = Arrays.stream(counted.cells())
                .filter(cell -> !LogGrid.isApart(cell))
                .toArray();
        double[] values = Arrays.stream(cells).mapToDouble(value).toArray();
        for (int i = 1; i < values.length; i++) {
            if (!(values[i - 1] < values[i])) {
                throw new IllegalArgumentException("SampleDistances: cell " + cells[i] + " has value " + values[i]
                        + ", not above that of cell " + cells[i - 1] + "; give the value function of a grid in order.");
            }
        }
        long[] counts = Arrays.stream(cells).mapToLong(counted::count).toArray();
        return new Points(values, counts, Arrays.stream(counts).asDoubleStream().sum());
    }

    private static SampleDistances of(Points x, Points y) {
        if (x.total() == 0 || y.total() == 0) {
            return new SampleDistances(Double.NaN, Double.NaN, Double.NaN);
        }
        double area = 0;
        double squares = 0;
        long inX = 0;
        long inY = 0;
        int i = 0;
        int j = 0;
        double before = Double.NaN;
        while (i < x.values().length || j < y.values().length) {
            boolean fromX = j == y.values().length || i < x.values().length && x.values()[i] <= y.values()[j];
            double at = fromX ? x.values()[i] : y.values()[j];
            if (inX + inY > 0) {
                double gap = inX / x.total() - inY / y.total();
                area += Math.abs(gap) * (at - before);
                squares += gap * gap * (at - before);
            }
            before = at;
            if (fromX) {
                inX += x.counts()[i++];
            } else {
                inY += y.counts()[j++];
            }
        }
        double deviation = x.standardDeviation();
        return new SampleDistances(area, deviation > 0 ? area / deviation : Double.NaN, StrictMath.sqrt(2 * squares));
    }
}
