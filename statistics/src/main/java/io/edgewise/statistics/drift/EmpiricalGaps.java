// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

/// The gaps of two step functions, walked from the left. All comparisons are of integers i m - j n, so
/// equal gaps are equal and the first of them is kept.
final class EmpiricalGaps {
    private final long n;
    private final long m;
    private long i;
    private long j;
    private long plus;
    private long minus;
    private long widest;
    private double plusAt = Double.NaN;
    private double minusAt = Double.NaN;

    EmpiricalGaps(long n, long m) {
        this.n = n;
        this.m = m;
        Math.multiplyExact(n, m);
    }

    void step(double at, long inReference, long inCurrent) {
        long iBefore = i;
        long jBefore = j;
        i += inReference;
        j += inCurrent;
        long gap = i * m - j * n;
        if (Double.isNaN(plusAt) || gap > plus) {
            plus = Math.max(0, gap);
            plusAt = at;
        }
        if (Double.isNaN(minusAt) || -gap > minus) {
            minus = Math.max(0, -gap);
            minusAt = at;
        }
        widest = Math.max(widest, Math.max(i * m - jBefore * n, j * n - iBefore * m));
    }

    KolmogorovSmirnov exact() {
        return result(0);
    }

    /// With what the order inside the steps could add.
    KolmogorovSmirnov binned() {
        return result(share(widest) - share(Math.max(plus, minus)));
    }

    private KolmogorovSmirnov result(double over) {
        if (n == 0 || m == 0) {
            KolmogorovSmirnov.Gap none = new KolmogorovSmirnov.Gap(Double.NaN, Double.NaN);
            return new KolmogorovSmirnov(n, m, none, none, 0, 0);
        }
        return new KolmogorovSmirnov(
                n,
                m,
                new KolmogorovSmirnov.Gap(share(plus), plusAt),
                new KolmogorovSmirnov.Gap(share(minus), minusAt),
                0,
                over);
    }

    private double share(long gap) {
        return (double) gap / ((double) n * m);
    }
}
