// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;

/// Catoni confidence sequence for the mean of heavy-tailed values of which only a bound of the variance is
/// known (Wang and Ramdas, arXiv 2202.01250): all m with `|Σφ(λ_i(x_i - m))| <= σ²/2 Σλ_i² + ln(2/α)`,
/// where `φ(x) = sign(x) ln(1 + |x| + x²/2)` and `λ_t = sqrt(2 ln(2/α)/(σ² t ln(t+1)))`.
///
/// The bound σ² must hold for every value given the past; too small a bound voids the guarantee. Depends
/// on the order of the values, of which it keeps a copy: for display, never a gate over merged totals.
public final class CatoniSequence {
    private final double[] x;
    private final double[] bets;
    private final double limit;

    private CatoniSequence(double[] x, double[] bets, double limit) {
        this.x = x;
        this.bets = bets;
        this.limit = limit;
    }

    public static CatoniSequence of(double[] values, double varianceBound, double alpha) {
        Require.positive("CatoniSequence", "variance bound", varianceBound);
        Require.alpha("CatoniSequence", alpha);
        double[] x = values.clone();
        double[] bets = new double[x.length];
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            Require.finite("CatoniSequence", x[i]);
            bets[i] = bet(i + 1, varianceBound, alpha);
            squares += bets[i] * bets[i];
        }
        return new CatoniSequence(x, bets, varianceBound / 2 * squares + StrictMath.log(2 / alpha));
    }

    static double bet(double t, double varianceBound, double alpha) {
        return StrictMath.sqrt(2 * StrictMath.log(2 / alpha) / (varianceBound * t * StrictMath.log1p(t)));
    }

    static double influence(double x) {
        double size = StrictMath.log1p(Math.abs(x) + x * x / 2);
        return x < 0 ? -size : size;
    }

    /// The whole line before any value. Low above high says that no single mean explains the stream.
    public Interval interval() {
        if (x.length == 0) {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        return new Interval(edge(-1), edge(1));
    }

    /// The end on this side: the sum of influences falls with m, so that beyond one m all are excluded.
    private double edge(int side) {
        double far = x[0];
        double in = x[0];
        for (double value : x) {
            far = side < 0 ? Math.min(far, value) : Math.max(far, value);
            in = side < 0 ? Math.max(in, value) : Math.min(in, value);
        }
        double step = Math.max(1 / bets[0], Math.ulp(far));
        double out = far;
        while (!excluded(out, side)) {
            out += side * step;
            step *= 2;
        }
        for (double mid = in + (out - in) / 2; mid != out && mid != in; mid = in + (out - in) / 2) {
            if (excluded(mid, side)) {
                out = mid;
            } else {
                in = mid;
            }
        }
        return out;
    }

    private boolean excluded(double m, int side) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += influence(bets[i] * (x[i] - m));
        }
        return side < 0 ? sum > limit : sum < -limit;
    }
}
