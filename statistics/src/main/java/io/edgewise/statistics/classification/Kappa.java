// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.StandardNormal;
import io.edgewise.statistics.special.Counts;

/// Agreement of two raters on a closed set of labels, corrected for chance (Cohen 1960, 1968).
///
/// From the square table of counts with rows = first rater, columns = second. κ = 1 - observed /
/// expected disagreement, with weights of disagreement 1 (plain), |i - j| (linear) or (i - j)²
/// (quadratic, for ordered labels). NaN where no disagreement is expected: both raters used one and the
/// same label, or nothing was rated. Labels that nobody used change nothing.
///
/// @param agreement share of equal labels; NaN without ratings
/// @param expectedAgreement what chance gives with the same margins
/// @param standardError of plain κ for large n (Fleiss, Cohen and Everitt 1969). NaN where it says
///     nothing: agreement 0 or 1, or a rater who used one label only
public record Kappa(
        long n, double agreement, double expectedAgreement, double kappa, Ordered ordered, double standardError) {
    /// κ for labels in order: a disagreement weighs by its distance, or by the square of it.
    public record Ordered(double linear, double quadratic) {}

    /// Rows are the first rater, columns the second, labels in the same order.
    public static Kappa of(long[][] table) {
        Table counts = Table.of(table);
        double[] weighted = new double[3];
        for (int power = 0; power < weighted.length; power++) {
            weighted[power] = counts.kappa(power);
        }
        return new Kappa(
                counts.n(),
                counts.agreement(),
                counts.expectedAgreement(),
                weighted[0],
                new Ordered(weighted[1], weighted[2]),
                counts.standardError(weighted[0]));
    }

    /// κ with weights |i - j|.
    public double linear() {
        return ordered.linear();
    }

    /// κ with weights (i - j)².
    public double quadratic() {
        return ordered.quadratic();
    }

    /// κ ± z · standard error; may reach beyond -1 or 1, as the normal law knows no bounds. NaN where the standard
    /// error is.
    public Interval interval(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "Kappa: level " + level + " must lie strictly between 0 and 1 (0.95, not 95).");
        }
        double half = StandardNormal.quantileAbove((1 - level) / 2) * standardError;
        return new Interval(kappa - half, kappa + half);
    }

    @SuppressWarnings("ArrayRecordComponent") // lives within one call
    private record Table(long[][] counts, long n, double[] rows, double[] columns) {
        static Table of(long[][] counts) {
            double[] rows = new double[counts.length];
            double[] columns = new double[counts.length];
            long n = 0;
            for (int i = 0; i < counts.length; i++) {
                if (counts[i].length != counts.length) {
                    throw new IllegalArgumentException("Kappa: row " + i + " has " + counts[i].length
                            + " columns in a table of " + counts.length + " rows; give a square table.");
                }
                for (int j = 0; j < counts.length; j++) {
                    if (counts[i][j] < 0) {
                        throw new IllegalArgumentException("Kappa: row " + i + ", column " + j + " counts "
                                + counts[i][j] + "; counts cannot be negative.");
                    }
                    rows[i] += counts[i][j];
                    columns[j] += counts[i][j];
                    n = Counts.add(n, counts[i][j]);
                }
            }
            return new Table(counts, n, rows, columns);
        }

        double agreement() {
            double same = 0;
            for (int i = 0; i < counts.length; i++) {
                same += counts[i][i];
            }
            return same / n;
        }

        double expectedAgreement() {
            double same = 0;
            for (int i = 0; i < rows.length; i++) {
                same += rows[i] * columns[i];
            }
            return same / ((double) n * n);
        }

        double kappa(int power) {
            double observed = 0;
            double expected = 0;
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < rows.length; j++) {
                    double weight = weight(i, j, power);
                    observed += weight * counts[i][j];
                    expected += weight * rows[i] * columns[j] / n;
                }
            }
            return expected > 0 ? 1 - observed / expected : Double.NaN;
        }

        private static double weight(int i, int j, int power) {
            double apart = Math.abs(i - j);
            return switch (power) {
                case 0 -> i == j ? 0 : 1;
                case 1 -> apart;
                default -> apart * apart;
            };
        }

        double standardError(double kappa) {
            double agreement = agreement();
            if (!(agreement > 0 && agreement < 1) || usesOneLabel(rows) || usesOneLabel(columns)) {
                return Double.NaN;
            }
            double chance = expectedAgreement();
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < rows.length; j++) {
                    double term = i == j
                            ? 1 - (rows[i] + columns[i]) / n * (1 - kappa)
                            : (1 - kappa) * (columns[i] + rows[j]) / n;
                    sum += (double) counts[i][j] / n * term * term;
                }
            }
            double centre = kappa - chance * (1 - kappa);
            double variance = (sum - centre * centre) / ((1 - chance) * (1 - chance)) / n;
            return StrictMath.sqrt(Math.max(0, variance));
        }

        private static boolean usesOneLabel(double[] margin) {
            int used = 0;
            for (double count : margin) {
                used += count > 0 ? 1 : 0;
            }
            return used == 1;
        }
    }
}
