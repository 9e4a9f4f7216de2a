// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

/// The gaps of two step functions, walked from the left. All comparisons are of integers i m - j n, exact
/// for counts of any size ([Wide]), so equal gaps are equal and the first of them is kept.
final class EmpiricalGaps {
    private final long n;
    private final long m;
    private long i;
    private long j;
    private Wide plus = Wide.ZERO;
    private Wide minus = Wide.ZERO;
    private Wide widest = Wide.ZERO;
    private double plusAt = Double.NaN;
    private double minusAt = Double.NaN;

    EmpiricalGaps(long n, long m) {
        this.n = n;
        this.m = m;
    }

    void step(double at, long inReference, long inCurrent) {
        long iBefore = i;
        long jBefore = j;
        i += inReference;
        j += inCurrent;
        Wide gap = Wide.difference(i, m, j, n);
        Wide mirrored = Wide.difference(j, n, i, m);
        if (Double.isNaN(plusAt) || gap.compareTo(plus) > 0) {
            plus = Wide.max(Wide.ZERO, gap);
            plusAt = at;
        }
        if (Double.isNaN(minusAt) || mirrored.compareTo(minus) > 0) {
            minus = Wide.max(Wide.ZERO, mirrored);
            minusAt = at;
        }
        widest = Wide.max(widest, Wide.max(Wide.difference(i, m, jBefore, n), Wide.difference(j, n, iBefore, m)));
    }

    KolmogorovSmirnov exact() {
        return result(0);
    }

    /// With what the order inside the steps could add.
    KolmogorovSmirnov binned() {
        return result(share(widest) - share(Wide.max(plus, minus)));
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

    private double share(Wide gap) {
        return gap.toDouble() / ((double) n * m);
    }
}
