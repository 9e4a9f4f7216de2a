// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import java.util.Arrays;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.PValueMethod;

/// Tail probabilities of D where both samples come from one continuous law.
final class KolmogorovLaw {
    private static final long MOST_PATHS = 10_000_000_000L;
    private static final int MOST_OBSERVATIONS = 20_000_000;

    /// Below, the series for the distribution function converges faster than that for its complement.
    private static final double TURN = 1;

    private KolmogorovLaw() {}

    static double limit(double d, long n, long m) {
        return survival(StrictMath.sqrt((double) n / ((double) n + m) * m) * d);
    }

    /// P(K > x) of Kolmogorov's law.
    static double survival(double x) {
        if (x <= 0) {
            return 1;
        }
        if (x < TURN) {
            double w = -StrictMath.PI * StrictMath.PI / (8 * x * x);
            double sum = 0;
            for (int k = 9; k >= 1; k -= 2) {
                sum += StrictMath.exp(k * k * w);
            }
            return 1 - StrictMath.sqrt(2 * StrictMath.PI) / x * sum;
        }
        double sum = 0;
        for (int k = 6; k >= 1; k--) {
            sum = StrictMath.exp(-2.0 * k * k * x * x) - sum;
        }
        return 2 * sum;
    }

    /// P(D >= d): the library wants samples, so two are made that have this D, or the largest possible
    /// one below.
    static double twoSample(double d, long n, long m) {
        if (n > MOST_PATHS / m || Math.max(n, m) > MOST_OBSERVATIONS) {
            throw new IllegalArgumentException("KolmogorovSmirnov: an exact p-value of " + n + " and " + m
                    + " observations takes too long; use the limit, pLimit() or p().");
        }
        if (Math.min(n, m) == 1) {
            return single(d, Math.max(n, m));
        }
        long divisor = gcd(n, m);
        double units = d * ((double) n * m / divisor);
        long gap = divisor * (long) StrictMath.floor(units + 1e-6);
        while (gap > 0 && steps(gap, n, m) > n) {
            gap -= divisor;
        }
        long i = steps(gap, n, m);
        long j = (i * m - gap) / n;
        return KolmogorovSmirnovTest.withDefaults()
                .with(PValueMethod.EXACT)
                .test(zerosThenOnes(i, n), zerosThenOnes(j, m))
                .getPValue();
    }

    /// P(D_N >= d) of one sample of N = round-half-even(size) observations against a continuous law.
    static double oneSample(double d, double size) {
        double rounded = StrictMath.rint(size);
        if (rounded == 0) {
            return Double.NaN;
        }
        if (rounded > MOST_OBSERVATIONS) {
            throw new IllegalArgumentException("KolmogorovSmirnov: the one-sample law of " + rounded
                    + " observations takes too long; use the limit, pLimit() or p().");
        }
        int observations = (int) rounded;
        if (d <= 0.5 / observations) {
            return 1;
        }
        if (observations == 1) {
            return 2 * (1 - Math.min(1, d));
        }
        double[] ranks = new double[observations];
        Arrays.setAll(ranks, i -> i);
        return KolmogorovSmirnovTest.withDefaults()
                .test(ranks, rank -> Math.max(d, (rank + 0.5) / observations))
                .getPValue();
    }

    /// One observation against others: each of the places among them is as likely.
    private static double single(double d, long others) {
        long least = (long) StrictMath.ceil(d * others - 1e-6);
        long places = 0;
        for (long below = 0; below <= others; below++) {
            places += Math.max(below, others - below) >= least ? 1 : 0;
        }
        return (double) places / (others + 1);
    }

    /// The smallest i with i m - j n = gap for some j of at least 0; n + 1 where there is none up to n.
    private static long steps(long gap, long n, long m) {
        long i = (gap + m - 1) / m;
        while (i <= n && (i * m - gap) % n != 0) {
            i++;
        }
        return i;
    }

    private static double[] zerosThenOnes(long zeros, long size) {
        double[] sample = new double[(int) size];
        Arrays.fill(sample, (int) zeros, (int) size, 1);
        return sample;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
