// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

/// The gaps of two step functions, walked from the left. All comparisons are of integers i m - j n, exact
/// for counts of any size ([Wide] where a long does not hold n m), so equal gaps are equal and the first of them is
/// kept.
final class EmpiricalGaps {
    private final long n;
    private final long m;
    private final boolean isNarrow;
    private long narrowPlus;
    private long narrowMinus;
    private long narrowWidest;
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
        this.isNarrow = m == 0 || n <= Long.MAX_VALUE / m;
    }

    void step(double at, long inReference, long inCurrent) {
        if (isNarrow) {
            narrowStep(at, inReference, inCurrent);
        } else {
            wideStep(at, inReference, inCurrent);
        }
    }

    private void narrowStep(double at, long inReference, long inCurrent) {
        long jBefore = j * n;
        long iBefore = i * m;
        i += inReference;
        j += inCurrent;
        long iNow = i * m;
        long jNow = j * n;
        long gap = iNow - jNow;
        if (Double.isNaN(plusAt) || gap > narrowPlus) {
            narrowPlus = Math.max(0, gap);
            plusAt = at;
        }
        if (Double.isNaN(minusAt) || -gap > narrowMinus) {
            narrowMinus = Math.max(0, -gap);
            minusAt = at;
        }
        narrowWidest = Math.max(narrowWidest, Math.max(iNow - jBefore, jNow - iBefore));
    }

    private void wideStep(double at, long inReference, long inCurrent) {
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
        widen();
        return result(0);
    }

    /// With what the order inside the steps could add.
    KolmogorovSmirnov binned() {
        widen();
        return result(share(widest) - share(Wide.max(plus, minus)));
    }

    private void widen() {
        if (isNarrow) {
            plus = new Wide(0, narrowPlus);
            minus = new Wide(0, narrowMinus);
            widest = new Wide(0, narrowWidest);
        }
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
