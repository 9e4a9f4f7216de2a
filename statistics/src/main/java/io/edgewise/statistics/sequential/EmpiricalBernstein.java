// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;

/// The predictable plug-in empirical Bernstein confidence sequence for the mean of values in [0, 1]
/// (Waudby-Smith and Ramdas, arXiv 2010.09686, Theorem 2): centre `Σλx/Σλ`, radius `(ln(2/α) + Σ(x -
/// m_{t-1})² ψ(λ)) / Σλ` with `ψ(λ) = -ln(1-λ) - λ`, `λ_t = min(sqrt(2 ln(2/α)/(v_{t-1} t ln(t+1))),
/// 1/2)`, [PlugInMoments] from 1/2.
///
/// Depends on the order of the values: for display beside a kept stream, never a gate over merged totals.
/// `runningLow` and `runningHigh` are the intersection of all intervals so far, cut to [0, 1]; low above
/// high says that no single mean explains the stream.
public record EmpiricalBernstein(
        double alpha, PlugInMoments moments, Sums sums, double runningLow, double runningHigh) {
    private static final double LARGEST_BET = 0.5;

    /// Σλ, Σλx and Σ(x - m)² ψ(λ).
    public record Sums(double bets, double weighted, double penalty) {}

    public EmpiricalBernstein {
        Require.alpha("EmpiricalBernstein", alpha);
    }

    public static EmpiricalBernstein start(double alpha) {
        return new EmpiricalBernstein(alpha, PlugInMoments.start(0.5), new Sums(0, 0, 0), 0, 1);
    }

    /// The bet that the next value gets.
    public double bet() {
        return Math.min(moments.bet(alpha), LARGEST_BET);
    }

    public EmpiricalBernstein next(double x) {
        Require.unit("EmpiricalBernstein", x);
        double bet = bet();
        double off = x - moments.mean();
        double psi = -StrictMath.log1p(-bet) - bet;
        Sums grown = new Sums(sums.bets + bet, sums.weighted + bet * x, sums.penalty + off * off * psi);
        double centre = centre(grown);
        double radius = radius(alpha, grown);
        return new EmpiricalBernstein(
                alpha,
                moments.next(x),
                grown,
                Math.max(runningLow, centre - radius),
                Math.min(runningHigh, centre + radius));
    }

    /// NaN before any value.
    public double centre() {
        return centre(sums);
    }

    /// Infinite before any value.
    public double radius() {
        return radius(alpha, sums);
    }

    /// The interval now, cut to [0, 1].
    public Interval interval() {
        return moments.n() == 0
                ? new Interval(0, 1)
                : new Interval(Math.max(0, centre() - radius()), Math.min(1, centre() + radius()));
    }

    private static double centre(Sums sums) {
        return sums.weighted / sums.bets;
    }

    private static double radius(double alpha, Sums sums) {
        return (StrictMath.log(2 / alpha) + sums.penalty) / sums.bets;
    }
}
