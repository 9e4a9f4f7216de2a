// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Arrays;

/// The distribution of the number of binary observations until a test of totals crosses, without
/// simulation: the probability of every (n, k) that has not crossed is carried from n to n + 1.
final class ExactDelay {
    private static final int MOST = 100_000;
    private static final double NEGLIGIBLE = 1e-14;

    private final MeanTest test;
    private final double logThreshold;
    private final double[] event;
    private final double[] none;

    ExactDelay(MeanTest test, double logThreshold) {
        this.test = test;
        this.logThreshold = logThreshold;
        event = test.gains(1);
        none = test.gains(0);
    }

    /// The first n by which this share of all streams has crossed.
    int[] quantiles(double share, double... quantiles) {
        boolean above = test.side() == Side.ABOVE;
        double[] alive = new double[MOST + 2];
        alive[0] = 1;
        int most = 0;
        int bound = above ? 1 : -1;
        double crossed = 0;
        int[] found = new int[quantiles.length];
        int next = 0;
        for (int n = 1; n <= MOST && next < quantiles.length; n++) {
            most++;
            for (int k = most; k >= 0; k--) {
                alive[k] = alive[k] * (1 - share) + (k > 0 ? alive[k - 1] * share : 0);
            }
            bound = above ? firstAbove(bound, n) : lastBelow(bound, n);
            for (int k = above ? bound : 0; k <= (above ? most : Math.min(bound, most)); k++) {
                crossed += alive[k];
                alive[k] = 0;
            }
            while (most > 0 && alive[most] < NEGLIGIBLE) {
                alive[most--] = 0;
            }
            while (next < quantiles.length && crossed >= quantiles[next]) {
                found[next++] = n;
            }
        }
        assert next == quantiles.length : "not all of " + Arrays.toString(quantiles) + " within " + MOST;
        return found;
    }

    private int firstAbove(int from, int n) {
        int k = from;
        while (k <= n && !crosses(k, n)) {
            k++;
        }
        return k;
    }

    private int lastBelow(int from, int n) {
        int k = from;
        while (k < n && crosses(k + 1, n)) {
            k++;
        }
        return k;
    }

    private boolean crosses(int k, int n) {
        double[] growth = new double[event.length];
        for (int b = 0; b < growth.length; b++) {
            growth[b] = k * event[b] + (n - k) * none[b];
        }
        return test.crosses(growth, logThreshold);
    }
}
