// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.proportion.StandardNormal;
import io.edgewise.statistics.special.GammaTail;
import io.edgewise.statistics.special.Stirling;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.solvers.BrentSolver;

/// Tail probabilities of the non-central χ² law with k degrees of freedom and non-centrality lambda; lambda 0
/// is the χ² law.
///
/// - Below k + lambda = 10,000 as a Poisson mixture of central ones. Each tail is summed by itself, in
///   logarithms and in the direction in which its recurrence only adds, so that small probabilities keep
///   their digits: within 1e-9 of themselves. Terms are taken from 12 standard deviations around the largest
///   one, fewer than 5,000 of them.
/// - From there on by [NoncentralSaddle], a closed form within 1e-9 of themselves, however large lambda is; and
///   from x = 10⁸ on, where the tail is too small for a double anyway.
///
/// Logarithms do not underflow. For lambda and x up to 1e100 (an index of 1,000 has 1e22). NaN gives NaN.
final class NoncentralChiSquare {
    private static final int MOST_TERMS = 100_000;

    /// From here on P(X > x) is below e^-10,000,000 or lambda large.
    private static final double FAR = 1e8;

    private static final double NEGLIGIBLE = 45;

    /// Wider than the rounding of a double, narrower than any law below lambda 10²⁰.
    private static final double FIRST_FACTOR = 1 + 1e-9;

    /// Brent's method takes no infinite values.
    private static final double STEEP = 1e6;

    private static final double SMALLEST_START = 1e-290;

    private NoncentralChiSquare() {}

    /// P(X > x).
    static double above(double x, double degrees, double lambda) {
        return StrictMath.exp(logAbove(x, degrees, lambda));
    }

    /// P(X <= x).
    static double below(double x, double degrees, double lambda) {
        return StrictMath.exp(logBelow(x, degrees, lambda));
    }

    /// ln P(X > x).
    static double logAbove(double x, double degrees, double lambda) {
        if (Double.isNaN(x + degrees + lambda)) {
            return Double.NaN;
        }
        if (x <= 0 || lambda == Double.POSITIVE_INFINITY) {
            return 0;
        }
        if (x == Double.POSITIVE_INFINITY) {
            return Double.NEGATIVE_INFINITY;
        }
        if (degrees + lambda >= NoncentralSaddle.FROM || x >= FAR) {
            return NoncentralSaddle.logAbove(x, degrees, lambda);
        }
        double a = degrees / 2;
        double y = x / 2;
        double m = lambda / 2;
        return m == 0 ? logQ(a, y) : sumAbove(a, y, m);
    }

    /// ln P(X <= x).
    static double logBelow(double x, double degrees, double lambda) {
        if (Double.isNaN(x + degrees + lambda)) {
            return Double.NaN;
        }
        if (x <= 0 || lambda == Double.POSITIVE_INFINITY) {
            return Double.NEGATIVE_INFINITY;
        }
        if (x == Double.POSITIVE_INFINITY) {
            return 0;
        }
        if (degrees + lambda >= NoncentralSaddle.FROM || x >= FAR) {
            return NoncentralSaddle.logBelow(x, degrees, lambda);
        }
        double a = degrees / 2;
        double y = x / 2;
        double m = lambda / 2;
        return m == 0 ? logP(a, y) : sumBelow(a, y, m);
    }

    /// Upwards: Q of a + 1 is that of a and a step more.
    private static double sumAbove(double a, double y, double m) {
        double peak = y <= m + a ? m : Math.max(m, crossing(a, y, m));
        long j = (long) Math.max(0, peak - margin(peak));
        double logY = StrictMath.log(y);
        double logM = StrictMath.log(m);
        double poisson = logPoisson(j, m);
        double tail = logQ(a + j, y);
        double step = logStep(a + j, y);
        double sum = Double.NEGATIVE_INFINITY;
        double before = Double.NEGATIVE_INFINITY;
        for (int terms = 0; terms < MOST_TERMS; terms++) {
            double term = poisson + tail;
            sum = logAdd(sum, term);
            if (term < before && term < sum - NEGLIGIBLE) {
                break;
            }
            before = term;
            tail = Math.min(0, logAdd(tail, step));
            j++;
            step += logY - StrictMath.log(a + j);
            poisson += logM - StrictMath.log((double) j);
        }
        return Math.min(0, sum);
    }

    /// Downwards: P of a - 1 is that of a and a step more.
    private static double sumBelow(double a, double y, double m) {
        double peak = y >= m + a ? m : Math.min(m, crossing(a, y, m));
        long j = (long) Math.ceil(peak + margin(peak));
        double logY = StrictMath.log(y);
        double logM = StrictMath.log(m);
        double poisson = logPoisson(j, m);
        double tail = logP(a + j, y);
        double step = logStep(a + j - 1, y);
        double sum = Double.NEGATIVE_INFINITY;
        double before = Double.NEGATIVE_INFINITY;
        while (true) {
            double term = poisson + tail;
            sum = logAdd(sum, term);
            if (j == 0 || term < before && term < sum - NEGLIGIBLE) {
                return Math.min(0, sum);
            }
            before = term;
            tail = Math.min(0, logAdd(tail, step));
            j--;
            step += StrictMath.log(a + j) - logY;
            poisson += StrictMath.log(j + 1.0) - logM;
        }
    }

    /// The x with P(X > x) = p, for p in (0, 1).
    static double quantileAbove(double p, double degrees, double lambda) {
        double logP = StrictMath.log(p);
        return solve(x -> logP - logAbove(x, degrees, lambda), start(p, degrees, lambda));
    }

    /// The x with P(X <= x) = p, for p in (0, 1); 0 where it is below the smallest double.
    static double quantileBelow(double p, double degrees, double lambda) {
        double logP = StrictMath.log(p);
        return solve(x -> logBelow(x, degrees, lambda) - logP, start(1 - p, degrees, lambda));
    }

    /// Abdel-Aty's (1954) approximation: the cube root is about normal.
    private static double start(double p, double degrees, double lambda) {
        double mean = degrees + lambda;
        if (mean == Double.POSITIVE_INFINITY) {
            return mean;
        }
        double spread = 2 * (degrees + 2 * lambda) / mean / (9 * mean);
        double tail = Math.clamp(p, SMALLEST_START, 1 - Math.ulp(1.0));
        double root = 1 - spread + StandardNormal.quantileAbove(tail) * StrictMath.sqrt(spread);
        return Math.max(mean * root * root * root, mean * 1e-6);
    }

    /// The root of an increasing function: a bracket that widens around the start, halved until it spans a factor
    /// of two, then Brent's method.
    private static double solve(DoubleUnaryOperator increasing, double start) {
        if (!(start < Double.MAX_VALUE)) {
            return Double.POSITIVE_INFINITY;
        }
        double low = start;
        double high = start;
        double factor = FIRST_FACTOR;
        if (increasing.applyAsDouble(start) < 0) {
            while (high < Double.MAX_VALUE && (high == low || increasing.applyAsDouble(high) < 0)) {
                low = high;
                high *= factor;
                factor *= factor * factor;
            }
        } else {
            while (low > Double.MIN_NORMAL && (high == low || increasing.applyAsDouble(low) > 0)) {
                high = low;
                low /= factor;
                factor *= factor * factor;
            }
        }
        if (low <= Double.MIN_NORMAL || high >= Double.MAX_VALUE) {
            return low <= Double.MIN_NORMAL ? 0 : Double.POSITIVE_INFINITY;
        }
        while (high > 2 * low) {
            double middle = StrictMath.sqrt(low) * StrictMath.sqrt(high);
            if (increasing.applyAsDouble(middle) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new BrentSolver(1e-15, Double.MIN_NORMAL, 0)
                .solve(1000, x -> Math.clamp(increasing.applyAsDouble(x), -STEEP, STEEP), low, high);
    }

    /// Where the product of Poisson weight and a far tail is largest.
    private static double crossing(double a, double y, double m) {
        double c = a - 1;
        return Math.max(0, (StrictMath.sqrt(c * c + 4 * m * y) - c) / 2);
    }

    /// Far enough from the peak: terms fall at least like those of a Poisson law there.
    private static double margin(double peak) {
        return 12 * StrictMath.sqrt(peak + 1) + 60;
    }

    private static double logPoisson(long j, double m) {
        return j == 0 ? -m : logStep((double) j, m);
    }

    /// ln of y^a e^-y / Γ(a + 1): what Q gains, and P loses, from a to a + 1.
    private static double logStep(double a, double y) {
        return a == 0 ? -y : -Stirling.logGammaOver(a, y) - StrictMath.log(a);
    }

    /// ln of the regularised lower incomplete gamma function.
    private static double logP(double a, double y) {
        return Math.min(0, GammaTail.logLower(a, y) - Stirling.logGammaOver(a, y));
    }

    /// ln of the regularised upper incomplete gamma function.
    private static double logQ(double a, double y) {
        return Math.min(0, GammaTail.logUpper(a, y) - Stirling.logGammaOver(a, y));
    }

    private static double logAdd(double a, double b) {
        double large = Math.max(a, b);
        double small = Math.min(a, b);
        return small == Double.NEGATIVE_INFINITY ? large : large + StrictMath.log1p(StrictMath.exp(small - large));
    }
}
