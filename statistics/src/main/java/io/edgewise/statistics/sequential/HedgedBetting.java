// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;
import java.util.function.DoubleUnaryOperator;

/// The hedged betting confidence sequence for the mean of values in [0, 1]: all means whose
/// [HedgedCapital] is below 1/alpha, found by bisection (K+ falls and K- grows with the mean, so they are
/// an interval). Not intersected over time. Depends on the order of the values, of which it keeps a copy.
public final class HedgedBetting {
    private static final double NEGLIGIBLE = 1e-15;

    private final double alpha;
    private final double[] x;
    private final double[] bets;

    private HedgedBetting(double alpha, double[] x, double[] bets) {
        this.alpha = alpha;
        this.x = x;
        this.bets = bets;
    }

    public static HedgedBetting of(double[] values, double alpha) {
        Require.alpha("HedgedBetting", alpha);
        double[] x = values.clone();
        double[] bets = new double[x.length];
        PlugInMoments moments = PlugInMoments.start(0.5);
        for (int i = 0; i < x.length; i++) {
            bets[i] = moments.bet(alpha);
            moments = moments.next(Require.unit("HedgedBetting", x[i]));
        }
        return new HedgedBetting(alpha, x, bets);
    }

    /// ln of the hedged capital against this mean: max(K+, K-)/2.
    public double logCapital(double mean) {
        Require.unit("HedgedBetting", mean);
        return Math.max(up(mean), down(mean)) - StrictMath.log(2);
    }

    /// [0, 1] before any value. Low above high says that no single mean explains the stream.
    public Interval interval() {
        double threshold = StrictMath.log(2 / alpha);
        double low = up(0) < threshold ? 0 : last(0, 1, this::up, threshold);
        double high = down(1) < threshold ? 1 : last(1, 0, this::down, threshold);
        return new Interval(low, high);
    }

    /// The last mean on the way from an excluded to an included one that is still excluded.
    private static double last(double excluded, double included, DoubleUnaryOperator logCapital, double threshold) {
        double out = excluded;
        double in = included;
        for (double mid = (out + in) / 2; mid != out && mid != in; mid = (out + in) / 2) {
            if (logCapital.applyAsDouble(mid) < threshold) {
                in = mid;
            } else {
                out = mid;
            }
            if (Math.max(out, in) < NEGLIGIBLE) {
                return 0;
            }
        }
        return out;
    }

    private double up(double mean) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += HedgedCapital.up(bets[i], x[i], mean);
        }
        return sum;
    }

    private double down(double mean) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += HedgedCapital.down(bets[i], x[i], mean);
        }
        return sum;
    }
}
