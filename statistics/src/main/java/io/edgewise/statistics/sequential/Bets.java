// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bets with weights that sum to 1, and means over them of numbers that are known by their logarithms.
///
/// The spread: a bet is a share s of the largest admissible one, s ~ Beta(1, b) with `b = max(1, 0.3 / q)`,
/// where q = risk / (risk + chance) is what the bet risks, as a part of the range: from the limit to the
/// value that is worst for it (low for ABOVE, high for BELOW). On binary values s is a uniform alternative
/// for b = 1 (the truncated uniform mixture, [TruncatedBeta]). ABOVE a limit of 1 % has b = 30: the
/// alternatives of interest are a few times the limit, not anywhere up to 1. BELOW 1 % has q = 0.99 and
/// b = 1: there all alternatives lie within the limit. [Purpose] sets apart the weight of the largest bet.
///
/// The integral over s is a quadrature: [#BETS] nodes spaced evenly in the log-odds of s, each weighted by
/// the prior mass between the middles of its neighbours. Delays equal those of 200 nodes to 1 %.
final class Bets {
    static final int BETS = 16;

    private static final double TOP_SHARE = 0.98;
    private static final double LARGEST_BOTTOM_SHARE = 0.1;

    /// The bet that suits an effect of 1 % of the standard deviation, times that deviation.
    private static final double SLOWEST = 0.01;

    /// The mean of Beta(1, 0.3 / q) is about 3.3 q.
    private static final double SPREAD = 0.3;

    private static final double UNBOUNDED = 1e12;

    /// More than any rounding: no sum of n terms is further than ln(n) and this above its largest.
    private static final double ROUNDING = 1e-9;

    private final double[] bets;
    private final double[] logWeights;
    private final double largest;
    private final double logSum;
    private final double mostAboveLargest;

    private Bets(double[] bets, double[] logWeights) {
        this.bets = bets;
        this.logWeights = logWeights;
        largest = Arrays.stream(logWeights).max().orElseThrow();
        logSum = logSum(logWeights, new double[logWeights.length], largest);
        mostAboveLargest = StrictMath.log(bets.length) + ROUNDING;
    }

    /// Equal weights for bets that somebody else chose.
    static Bets equal(double[] bets) {
        return new Bets(bets.clone(), new double[bets.length]);
    }

    /// Bets that somebody else chose, with these weights in any unit.
    static Bets weighted(double[] weights) {
        double[] logWeights = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] > 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("Detector: weight " + weights[i] + " of bet " + i
                        + " must be above 0 and finite; leave out bets that nothing is staked on.");
            }
            logWeights[i] = StrictMath.log(weights[i]);
        }
        return new Bets(new double[weights.length], logWeights);
    }

    /// @param risk what a bet loses per unit at the worst value
    /// @param chance what it wins per unit at the best one
    static Bets of(Purpose purpose, double risk, double chance) {
        double[] bets = new double[BETS];
        if (risk < 0 || chance <= 0) {
            return equal(bets);
        }
        if (risk == 0) {
            for (int i = 0; i < BETS; i++) {
                bets[i] = StrictMath.exp(i * StrictMath.log(UNBOUNDED) / (BETS - 1)) / chance;
            }
            return equal(bets);
        }
        if (!Double.isFinite(risk + chance) || !Double.isFinite((risk + chance) / risk / risk)) {
            throw new IllegalArgumentException("MeanTest: the limit lies " + risk + " from one end of the range and "
                    + chance + " from the other; bets between such numbers cannot be computed. Scale values first.");
        }
        double bottomShare = Math.min(LARGEST_BOTTOM_SHARE, SLOWEST * risk / middle(risk, chance));
        double bottom = logOdds(bottomShare);
        double step = (logOdds(TOP_SHARE) - bottom) / (BETS - 1);
        double b = Math.max(1, SPREAD * (risk + chance) / risk);
        double[] logWeights = new double[BETS];
        double beyond = 1;
        for (int i = 0; i < BETS; i++) {
            bets[i] = share(bottom + i * step) / risk;
            double beyondNext = i == BETS - 1 ? 0 : StrictMath.pow(1 - share(bottom + (i + 0.5) * step), b);
            double weight = (1 - purpose.onLargest()) * Math.max(0, beyond - beyondNext);
            logWeights[i] = StrictMath.log(i == BETS - 1 ? weight + purpose.onLargest() : weight);
            beyond = beyondNext;
        }
        return new Bets(bets, logWeights);
    }

    int size() {
        return bets.length;
    }

    double[] bets() {
        return bets.clone();
    }

    double bet(int i) {
        return bets[i];
    }

    /// Normalised.
    double[] weights() {
        double[] weights = new double[bets.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = StrictMath.exp(logWeights[i] - largest - logSum);
        }
        return weights;
    }

    /// ln of the weighted mean of exp(x); exactly 0 for zeros.
    double logMean(double[] x) {
        double top = top(x);
        return top == Double.NEGATIVE_INFINITY ? top : (top - largest) + (logSum(x, logWeights, top) - logSum);
    }

    /// Whether [#logMean] is at or above the threshold: the very same answer, by brackets where they
    /// suffice. The sum of exp(-d) over the distances d to the largest term lies between 1 and the number
    /// of terms; more narrowly, exp(-d) lies between (1 - d/8)^8 and 1 / (1 + d + d²/2 + d³/6 + d⁴/24).
    boolean reaches(double[] x, double logThreshold) {
        if (Double.isNaN(logThreshold)) {
            throw new IllegalArgumentException(
                    "MeanTest: the threshold is not a number; give a logarithm, ln(1/alpha) or ln(T/(w alpha)).");
        }
        double top = top(x);
        if (top == Double.NEGATIVE_INFINITY) {
            return top >= logThreshold;
        }
        double over = top - largest;
        if (over - logSum >= logThreshold) {
            return true;
        }
        if (over + (mostAboveLargest - logSum) < logThreshold) {
            return false;
        }
        double atLeast = 0;
        double atMost = 0;
        for (int i = 0; i < x.length; i++) {
            double d = top - (x[i] + logWeights[i]);
            double root = Math.max(0, 1 - d / 8);
            double square = root * root;
            atLeast += square * square * square * square;
            atMost += 1 / (1 + d * (1 + d * (1.0 / 2 + d * (1.0 / 6 + d / 24))));
        }
        double needed = StrictMath.exp(logThreshold - over + logSum);
        if (needed < atLeast * (1 - ROUNDING)) {
            return true;
        }
        if (needed > atMost * (1 + ROUNDING)) {
            return false;
        }
        return over + (logSum(x, logWeights, top) - logSum) >= logThreshold;
    }

    private double top(double[] x) {
        if (x.length != bets.length) {
            throw new IllegalArgumentException("MeanTest: growth of " + x.length + " bets where the mixture has "
                    + bets.length + "; use growth() of the same test.");
        }
        double top = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < x.length; i++) {
            top = Math.max(top, x[i] + logWeights[i]);
        }
        if (!(top < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("MeanTest: growth " + Arrays.toString(x)
                    + " is not made of finite logarithms; count it again from the values.");
        }
        return top;
    }

    /// ln of the sum of exp(x + y - top); at least 0, since the largest term is 1.
    private static double logSum(double[] x, double[] y, double top) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += StrictMath.exp(x[i] + y[i] - top);
        }
        return StrictMath.log(sum);
    }

    /// The geometric mean. The product is kept where it can be: weights are the same to the last bit.
    private static double middle(double risk, double chance) {
        double product = risk * chance;
        return product >= Double.MIN_NORMAL && product < Double.POSITIVE_INFINITY
                ? StrictMath.sqrt(product)
                : StrictMath.sqrt(risk) * StrictMath.sqrt(chance);
    }

    private static double logOdds(double share) {
        return StrictMath.log(share / (1 - share));
    }

    private static double share(double logOdds) {
        double odds = StrictMath.exp(logOdds);
        return odds / (1 + odds);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bets that
                && Arrays.equals(bets, that.bets)
                && Arrays.equals(logWeights, that.logWeights);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bets) + Arrays.hashCode(logWeights);
    }
}
