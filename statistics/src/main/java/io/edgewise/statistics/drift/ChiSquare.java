// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import java.util.Arrays;
import java.util.stream.IntStream;

/// χ² tests of counts.
///
/// Homogeneity: rows are samples, columns categories; E = row total · column total / N; statistic = Σ (O
/// - E)² / E, G = 2 Σ O ln(O / E), no correction; columns that are 0 in every row are dropped first.
/// Where fewer than two rows or columns hold mass nothing can be shown: statistic 0, degrees 0, p-values
/// 1, Cramér's V NaN.
///
/// @param g likelihood-ratio statistic
/// @param degrees (rows - 1)(columns - 1), or categories - 1 for a fit
/// @param cramersV √(χ² / (N (min(rows, columns) - 1))), uncorrected, of the table tested; NaN for a fit
/// @param pooled categories that were pooled because they are rare
public record ChiSquare(double statistic, double g, int degrees, double cramersV, int pooled) {
    /// Expected count from which a category stands by itself (Cochran's rule).
    public static final double RARE = 5;

    /// Pearson (1900) of rows against columns, as above; nothing is pooled.
    public static ChiSquare homogeneity(long[]... table) {
        return homogeneity(used(table), 0);
    }

    /// Two samples on the same categories, rare ones pooled: all categories with an expected count below
    /// 5 in either sample are one, to which, while it is still rare, the least frequent other one is
    /// added. Which are pooled depends on the sum of both samples only, so the test keeps its level; a
    /// category that only one sample saw is one like any other. Its share is tested by itself in
    /// [ApartShares].
    public static ChiSquare pooled(long[] reference, long[] current) {
        long[][] used = used(reference, current);
        double n = sum(used[0]);
        double m = sum(used[1]);
        long[][] sorted = byFrequency(used);
        int columns = sorted[0].length;
        double least = RARE * (n + m) / Math.min(n, m);
        int rare = 0;
        double held = 0;
        while (rare < columns && (both(sorted, rare) < least || rare > 0 && held < least)) {
            held += both(sorted, rare);
            rare++;
        }
        if (rare < 2) {
            return homogeneity(sorted, 0);
        }
        long[][] table = new long[2][columns - rare + 1];
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < columns; column++) {
                table[row][Math.max(0, column - rare + 1)] += sorted[row][column];
            }
        }
        return homogeneity(table, rare);
    }

    /// [#pooled(long[], long[])] of categories counted as cells. Missing and infinite cells are left out.
    public static ChiSquare ofCategories(Cells reference, Cells current) {
        int[] categories = Arrays.stream(reference.plus(current).cells())
                .filter(cell -> !LogGrid.isApart(cell))
                .toArray();
        return pooled(
                Arrays.stream(categories).mapToLong(reference::count).toArray(),
                Arrays.stream(categories).mapToLong(current::count).toArray());
    }

    /// Whether counts follow given shares (need not add up to 1), such as a traffic split: statistic = Σ
    /// (O - E)² / E, E = N share. Shares must be positive: what cannot occur has no place in a fit.
    /// Without observations p is 1.
    public static ChiSquare fit(long[] observed, double... shares) {
        if (observed.length != shares.length || observed.length < 2) {
            throw new IllegalArgumentException("ChiSquare: " + observed.length + " counts but " + shares.length
                    + " expected shares; give one share for each of at least 2 counts.");
        }
        double whole = 0;
        for (double share : shares) {
            if (!(share > 0 && share < Double.MAX_VALUE)) {
                throw new IllegalArgumentException("ChiSquare: expected share " + share + " must be positive, finite.");
            }
            whole += share;
        }
        if (whole == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("ChiSquare: the expected shares add up to more than the largest double;"
                    + " divide all of them by one number.");
        }
        double n = sum(valid(observed));
        double statistic = 0;
        double g = 0;
        for (int i = 0; i < observed.length && n > 0; i++) {
            double expected = n * shares[i] / whole;
            double gap = observed[i] - expected;
            statistic += gap * gap / expected;
            g += likelihood(observed[i], gap, expected);
        }
        return new ChiSquare(statistic, Math.max(0, g), n > 0 ? observed.length - 1 : 0, Double.NaN, 0);
    }

    /// E of every row and column that is used, in the order given.
    public static double[][] expected(long[]... table) {
        long[][] used = used(table);
        double[] columns = columnSums(used);
        double n = Arrays.stream(columns).sum();
        return Arrays.stream(used)
                .map(row -> Arrays.stream(columns)
                        .map(column -> sum(row) / n * column)
                        .toArray())
                .toArray(double[][]::new);
    }

    /// P(χ² > statistic) at these degrees of freedom; 1 where there are none.
    public double p() {
        return degrees == 0 ? 1 : NoncentralChiSquare.above(statistic, degrees, 0);
    }

    /// The same of G (Wilks 1938).
    public double gP() {
        return degrees == 0 ? 1 : NoncentralChiSquare.above(g, degrees, 0);
    }

    private static ChiSquare homogeneity(long[][] used, int pooled) {
        double[] columns = columnSums(used);
        double n = Arrays.stream(columns).sum();
        int rows = (int) Arrays.stream(used).filter(row -> sum(row) > 0).count();
        if (rows < 2 || columns.length < 2) {
            return new ChiSquare(0, 0, 0, Double.NaN, pooled);
        }
        double statistic = 0;
        double g = 0;
        for (long[] row : used) {
            double inRow = sum(row);
            for (int column = 0; column < columns.length && inRow > 0; column++) {
                double expected = inRow / n * columns[column];
                double gap = gap((double) row[column], n, inRow, columns[column]);
                statistic += gap * gap / expected;
                g += likelihood(row[column], gap, expected);
            }
        }
        int smaller = Math.min(rows, columns.length) - 1;
        if ((rows - 1L) * (columns.length - 1L) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("ChiSquare: a table of " + rows + " samples and " + columns.length
                    + " categories has more than 2^31 degrees of freedom; pool categories.");
        }
        return new ChiSquare(
                statistic,
                Math.max(0, g),
                (rows - 1) * (columns.length - 1),
                StrictMath.sqrt(statistic / (n * smaller)),
                pooled);
    }

    /// O - E without the cancellation of large counts.
    private static double gap(double observed, double n, double row, double column) {
        double product = row * column;
        double lost = Math.fma(row, column, -product);
        return (Math.fma(observed, n, -product) - lost) / n;
    }

    /// 2 O ln(O / E): from the gap where it is small, where it is nearly -E from the quotient.
    private static double likelihood(long observed, double gap, double expected) {
        if (observed == 0) {
            return 0;
        }
        double off = gap / expected;
        return 2.0 * observed * (off > -0.5 ? StrictMath.log1p(off) : StrictMath.log(observed / expected));
    }

    /// The table without columns of zeros.
    private static long[][] used(long[]... table) {
        if (table.length < 2) {
            throw new IllegalArgumentException("ChiSquare: " + table.length + " samples; at least 2 are compared.");
        }
        for (long[] row : table) {
            if (valid(row).length != table[0].length) {
                throw new IllegalArgumentException("ChiSquare: samples of " + table[0].length + " and " + row.length
                        + " categories; count all on the same.");
            }
        }
        int[] held = IntStream.range(0, table[0].length)
                .filter(column -> Arrays.stream(table).anyMatch(row -> row[column] > 0))
                .toArray();
        return Arrays.stream(table)
                .map(row -> Arrays.stream(held).mapToLong(column -> row[column]).toArray())
                .toArray(long[][]::new);
    }

    private static long[][] byFrequency(long[][] used) {
        int[] order = IntStream.range(0, used[0].length)
                .boxed()
                .sorted((one, two) -> Double.compare(both(used, one), both(used, two)))
                .mapToInt(Integer::intValue)
                .toArray();
        return Arrays.stream(used)
                .map(row ->
                        Arrays.stream(order).mapToLong(column -> row[column]).toArray())
                .toArray(long[][]::new);
    }

    private static double both(long[][] two, int column) {
        return (double) two[0][column] + two[1][column];
    }

    private static double[] columnSums(long[][] table) {
        double[] sums = new double[table[0].length];
        for (long[] row : table) {
            for (int column = 0; column < sums.length; column++) {
                sums[column] += row[column];
            }
        }
        return sums;
    }

    private static double sum(long[] counts) {
        return Arrays.stream(counts).asDoubleStream().sum();
    }

    private static long[] valid(long[] counts) {
        for (long count : counts) {
            if (count < 0) {
                throw new IllegalArgumentException("ChiSquare: count " + count + "; counts cannot be negative.");
            }
        }
        return counts;
    }
}
