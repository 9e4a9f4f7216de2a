// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.proportion.StandardNormal;
import io.edgewise.statistics.special.Stirling;

/// Tails of the non-central χ² law with k + lambda from 10,000 on, by the saddle-point approximation of
/// Lugannani and Rice with its second term (Daniels 1987, "Tail probability approximations", formula 4.9).
///
/// K(t) = λt/(1 - 2t) - (k/2) ln(1 - 2t) has its saddle point in closed form: with s = 1 - 2t, x s² - k s - λ
/// = 0. P(X > x) = Φ(-w) + φ(w) c(w), w²/2 = tx - K(t). The relative error falls with (k + λ)^2.5: within
/// 1e-9 up to 30 standard deviations from the mean at 10,000, and less than the rounding of doubles from a
/// million on. c is smooth, but a difference of large terms near the mean: there it is interpolated.
final class NoncentralSaddle {
    /// Smallest k + lambda.
    static final double FROM = 10_000;

    private static final double LN_SQRT_TWO_PI = StrictMath.log(2 * StrictMath.PI) / 2;

    /// Standard deviations from the mean at which c is read where w is smaller than the first.
    private static final double[] NODES = {-1.5, -1, -0.5, 0.5, 1, 1.5};

    /// Beyond, a tail is e^-(w²/2) to all digits of its logarithm that matter.
    private static final double FAR = 1e6;

    private static final double MILLS_FROM = 25;

    /// Of the mean: values below have no probability that could be told from that of this one.
    private static final double LEAST = 1e-200;

    private NoncentralSaddle() {}

    static double logAbove(double x, double degrees, double lambda) {
        Point at = Point.at(x, degrees, lambda);
        double nearer = logTail(Math.abs(at.w), Math.copySign(1, at.w) * correction(at, degrees, lambda));
        return at.w < 0 ? logComplement(nearer) : nearer;
    }

    static double logBelow(double x, double degrees, double lambda) {
        Point at = Point.at(x, degrees, lambda);
        double nearer = logTail(Math.abs(at.w), Math.copySign(1, at.w) * correction(at, degrees, lambda));
        return at.w < 0 ? nearer : logComplement(nearer);
    }

    /// ln(Φ(-w) + φ(w) c), w >= 0.
    private static double logTail(double w, double c) {
        double logDensity = -w * w / 2 - LN_SQRT_TWO_PI;
        if (logDensity < -FAR) {
            return logDensity - StrictMath.log(w);
        }
        return logDensity + StrictMath.log(mills(w) + c);
    }

    /// Φ(-w) / φ(w).
    private static double mills(double w) {
        if (w < MILLS_FROM) {
            return StandardNormal.above(w) * StrictMath.exp(w * w / 2 + LN_SQRT_TWO_PI);
        }
        double v = 1 / (w * w);
        return (1 - v * (1 - 3 * v * (1 - 5 * v * (1 - 7 * v * (1 - 9 * v))))) / w;
    }

    private static double logComplement(double log) {
        return log > -1e-300 ? Double.NEGATIVE_INFINITY : StrictMath.log1p(-StrictMath.exp(log));
    }

    private static double correction(Point at, double degrees, double lambda) {
        if (!(Math.abs(at.w) < -NODES[2])) {
            return at.correction();
        }
        double mean = degrees + lambda;
        double sd = StrictMath.sqrt(2 * (degrees + 2 * lambda));
        double[] w = new double[NODES.length];
        double[] c = new double[NODES.length];
        for (int i = 0; i < NODES.length; i++) {
            Point node = Point.at(mean + NODES[i] * sd, degrees, lambda);
            w[i] = node.w;
            c[i] = node.correction();
        }
        double sum = 0;
        for (int i = 0; i < NODES.length; i++) {
            double weight = 1;
            for (int j = 0; j < NODES.length; j++) {
                weight *= i == j ? 1 : (at.w - w[j]) / (w[i] - w[j]);
            }
            sum += weight * c[i];
        }
        return sum;
    }

    /// @param w signed root of the deviance
    /// @param u t √K''(t)
    /// @param skewness of the tilted law
    /// @param kurtosis of it, the excess
    private record Point(double w, double u, double skewness, double kurtosis) {
        static Point at(double given, double k, double lambda) {
            double x = Math.max(given, LEAST * (k + lambda));
            double root = StrictMath.hypot(k, 2 * StrictMath.sqrt(lambda) * StrictMath.sqrt(x));
            double s = (k + root) / (2 * x);
            double beyond = x - lambda - k;
            double e = 2 * x > k ? -2 * beyond / (2 * x - k + root) : s - 1;
            double far = e / s;
            double deviance = lambda * far * far / 2 + k / 2 * Stirling.deviance(1 / s, far);
            double w = Math.copySign(StrictMath.sqrt(2 * deviance), beyond);
            double variance = 4 * lambda / s + 2 * k;
            double u = -e / (2 * s) * StrictMath.sqrt(variance);
            double skewness = (24 * lambda / s + 8 * k) / (variance * StrictMath.sqrt(variance));
            double kurtosis = (192 * lambda / s + 48 * k) / (variance * variance);
            return new Point(w, u, skewness, kurtosis);
        }

        double correction() {
            return 1 / u
                    - 1 / w
                    + (kurtosis / 8 - 5 * skewness * skewness / 24) / u
                    - skewness / (2 * u * u)
                    - 1 / (u * u * u)
                    + 1 / (w * w * w);
        }
    }
}
