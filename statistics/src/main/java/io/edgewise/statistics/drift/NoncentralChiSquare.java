// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.special.Gamma;

/// Tail probabilities of the non-central χ² law, as a Poisson mixture of central ones; lambda 0 is the χ²
/// law. Each tail is summed by itself, in logarithms and in the direction in which its recurrence only
/// adds, so that small probabilities keep their digits.
final class NoncentralChiSquare {
    private static final int MOST_STEPS = 1_000_000;
    private static final double NEGLIGIBLE = 45;
    private static final double TINY = 1e-300;

    private NoncentralChiSquare() {}

    /// P(X > x).
    static double above(double x, double degrees, double lambda) {
        if (x <= 0) {
            return 1;
        }
        double a = degrees / 2;
        double y = x / 2;
        double m = lambda / 2;
        if (m == 0) {
            return StrictMath.exp(logQ(a, y));
        }
        double peak = x <= lambda + degrees ? m : Math.max(m, crossing(a, y, m));
        long j = (long) Math.max(0, peak - margin(peak));
        double logY = StrictMath.log(y);
        double logM = StrictMath.log(m);
        double poisson = logPoisson(j, m);
        double tail = logQ(a + j, y);
        double step = logStep(a + j, y);
        double sum = Double.NEGATIVE_INFINITY;
        double before = Double.NEGATIVE_INFINITY;
        while (true) {
            double term = poisson + tail;
            sum = logAdd(sum, term);
            if (term < before && term < sum - NEGLIGIBLE) {
                return StrictMath.exp(Math.min(0, sum));
            }
            before = term;
            tail = Math.min(0, logAdd(tail, step));
            j++;
            step += logY - StrictMath.log(a + j);
            poisson += logM - StrictMath.log((double) j);
        }
    }

    /// P(X <= x).
    static double below(double x, double degrees, double lambda) {
        if (x <= 0) {
            return 0;
        }
        double a = degrees / 2;
        double y = x / 2;
        double m = lambda / 2;
        if (m == 0) {
            return StrictMath.exp(logP(a, y));
        }
        double peak = x >= lambda + degrees ? m : Math.min(m, crossing(a, y, m));
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
                return StrictMath.exp(Math.min(0, sum));
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
        return solve(x -> logP - StrictMath.log(above(x, degrees, lambda)), degrees + lambda);
    }

    /// The x with P(X <= x) = p, for p in (0, 1).
    static double quantileBelow(double p, double degrees, double lambda) {
        double logP = StrictMath.log(p);
        return solve(
                x -> StrictMath.log(Math.max(Double.MIN_NORMAL, below(x, degrees, lambda))) - logP, degrees + lambda);
    }

    private static double solve(UnivariateFunction increasing, double mean) {
        double high = mean;
        while (increasing.value(high) < 0) {
            high *= 2;
        }
        double low = mean;
        while (increasing.value(low) > 0) {
            low /= 2;
        }
        if (low == high) {
            return low;
        }
        UnivariateFunction ofLog = log -> increasing.value(StrictMath.exp(log));
        return StrictMath.exp(
                new BrentSolver(1e-14, 1e-14, 1e-15).solve(1000, ofLog, StrictMath.log(low), StrictMath.log(high)));
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
        return j * StrictMath.log(m) - m - Gamma.logGamma(j + 1.0);
    }

    /// ln of y^a e^-y / Γ(a + 1): what Q gains, and P loses, from a to a + 1.
    private static double logStep(double a, double y) {
        return a * StrictMath.log(y) - y - Gamma.logGamma(a + 1);
    }

    /// ln of the regularised lower incomplete gamma function.
    private static double logP(double a, double y) {
        return y < a + 1 ? logSeries(a, y) : logComplement(logFraction(a, y));
    }

    /// ln of the regularised upper incomplete gamma function.
    private static double logQ(double a, double y) {
        return y < a + 1 ? logComplement(logSeries(a, y)) : logFraction(a, y);
    }

    private static double logComplement(double log) {
        return StrictMath.log1p(-StrictMath.exp(log));
    }

    private static double logSeries(double a, double y) {
        double term = 1;
        double sum = 1;
        for (int i = 1; i <= MOST_STEPS && term > sum * 1e-17; i++) {
            term *= y / (a + i);
            sum += term;
        }
        return logStep(a, y) + StrictMath.log(sum);
    }

    private static double logFraction(double a, double y) {
        double b = y + 1 - a;
        double c = 1 / TINY;
        double d = 1 / b;
        double value = d;
        for (int i = 1; i <= MOST_STEPS; i++) {
            double term = -i * (i - a);
            b += 2;
            d = 1 / away(term * d + b);
            c = away(b + term / c);
            double change = d * c;
            value *= change;
            if (Math.abs(change - 1) < 1e-16) {
                break;
            }
        }
        return logStep(a, y) + StrictMath.log(a) + StrictMath.log(value);
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    private static double logAdd(double a, double b) {
        double large = Math.max(a, b);
        double small = Math.min(a, b);
        return small == Double.NEGATIVE_INFINITY ? large : large + StrictMath.log1p(StrictMath.exp(small - large));
    }
}
