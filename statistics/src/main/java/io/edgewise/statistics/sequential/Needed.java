// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.OptionalLong;

/// How far a test is from its verdict.
public final class Needed {
    /// Nobody waits for more; beyond it the answer is "never".
    private static final long MOST = 1L << 50;

    private Needed() {}

    /// How many more observations, distributed like those so far, until the evidence reaches the threshold.
    /// 0 where it has; empty where it never will, or where nothing was observed yet.
    ///
    /// Growth scales with the number of observations, and the evidence is convex in that scale: once above
    /// the threshold it stays there, so doubling and bisection find the first such number.
    public static OptionalLong more(MeanTest test, Values soFar, double logThreshold) {
        long n = soFar.n();
        if (n == 0) {
            return OptionalLong.empty();
        }
        double[] growth = test.growth(soFar);
        if (reaches(test, growth, 1, logThreshold)) {
            return OptionalLong.of(0);
        }
        long enough = n;
        while (!reaches(test, growth, 1 + (double) enough / n, logThreshold)) {
            if (enough > MOST) {
                return OptionalLong.empty();
            }
            enough *= 2;
        }
        long tooFew = 0;
        while (enough - tooFew > 1) {
            long middle = tooFew + (enough - tooFew) / 2;
            if (reaches(test, growth, 1 + (double) middle / n, logThreshold)) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return OptionalLong.of(enough);
    }

    private static boolean reaches(MeanTest test, double[] growth, double scale, double logThreshold) {
        double[] scaled = new double[growth.length];
        for (int i = 0; i < growth.length; i++) {
            scaled[i] = growth[i] * scale;
        }
        return test.crosses(scaled, logThreshold);
    }
}
