// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import java.util.OptionalDouble;

/// Counts of positive quantities (latency, tokens, cost) on the cells of [LogGrid]: percentiles within 1 %,
/// whatever the values. DDSketch (Masson, Rim, Lee, VLDB 2019) with its bitwise linear mapping at one fixed
/// accuracy and no collapsing, so that any two merge by addition, exactly, and a threshold on a cell edge
/// counts exactly.
///
/// Zero and finite negative values share one cell of value 0. NaN is missing and no observation; infinities
/// are observations of their own cells. Memory grows with the span of the values: 0.5 kB per power of two,
/// 1 MB at most.
public final class QuantileSketch extends Accumulator<QuantileSketch> {
    private static final int FIRST = LogGrid.cell(Double.MIN_NORMAL);
    private static final int LAST = LogGrid.cell(Double.MAX_VALUE);

    /// A power of two of values; the array grows by whole ones.
    private static final int OCTAVE = 64;

    private long[] counts = new long[0];
    private int base = FIRST;
    private long zero;
    private long missing;
    private long negativeInfinite;
    private long positiveInfinite;

    public static QuantileSketch of(double... values) {
        QuantileSketch sketch = new QuantileSketch();
        for (double value : values) {
            sketch.add(value);
        }
        return sketch;
    }

    /// What was counted on LogGrid elsewhere.
    public static QuantileSketch of(Cells cells) {
        cells.total();
        QuantileSketch sketch = new QuantileSketch();
        int[] at = cells.cells();
        long[] count = cells.counts();
        for (int i = 0; i < at.length; i++) {
            sketch.addCell(at[i], count[i]);
        }
        return sketch;
    }

    public void add(double value) {
        int cell = LogGrid.cell(value);
        int at = cell - base;
        if (at >= 0 && at < counts.length) {
            counts[at]++;
        } else {
            addCell(cell, 1);
        }
    }

    /// The same value many times.
    public void add(double value, long times) {
        Kind.QUANTILE_SKETCH.requireCount(times);
        if (times > 0) {
            Kind.QUANTILE_SKETCH.plus(all(), times);
            addCell(LogGrid.cell(value), times);
        }
    }

    private void addCell(int cell, long times) {
        switch (cell) {
            case LogGrid.ZERO -> zero += times;
            case LogGrid.MISSING -> missing += times;
            case LogGrid.NEGATIVE_INFINITY -> negativeInfinite += times;
            case LogGrid.POSITIVE_INFINITY -> positiveInfinite += times;
            default -> {
                reach(cell, cell);
                counts[cell - base] += times;
            }
        }
    }

    /// Makes room for these cells and all between.
    private void reach(int low, int high) {
        if (low < FIRST || high > LAST) {
            throw Kind.QUANTILE_SKETCH.fault("there is no cell " + (low < FIRST ? low : high) + "; cells run from "
                    + FIRST + " to " + LAST + ". Was it counted on another grid?");
        }
        int from = Math.floorDiv(low, OCTAVE) * OCTAVE;
        int to = (Math.floorDiv(high, OCTAVE) + 1) * OCTAVE;
        if (counts.length > 0) {
            from = Math.min(from, base);
            to = Math.max(to, base + counts.length);
        }
        if (to - from > counts.length) {
            long[] wider = new long[to - from];
            System.arraycopy(counts, 0, wider, counts.length == 0 ? 0 : base - from, counts.length);
            counts = wider;
            base = from;
        }
    }

    /// Observations, infinite ones included, missing ones not.
    public long count() {
        return all() - missing;
    }

    /// NaN added.
    public long missing() {
        return missing;
    }

    private long all() {
        long all = zero + missing + negativeInfinite + positiveInfinite;
        for (long count : counts) {
            all += count;
        }
        return all;
    }

    /// [Quantiles#of(Cells, double)]: nearest rank, empty where there is not enough data to speak of this
    /// percentile.
    public OptionalDouble quantile(double q) {
        return Quantiles.of(toCells(), q);
    }

    /// [Quantiles#upperBound(Cells, double, double)]: a bound for the true percentile, whatever the
    /// distribution.
    public OptionalDouble upperBound(double q, double confidence) {
        return Quantiles.upperBound(toCells(), q, confidence);
    }

    /// Within 1 % of the observation of rank max(1, ⌈q n⌉), Hyndman and Fan's type 1, for q in [0, 1],
    /// however few there are; NaN of nothing. For drawings; what is shown as a percentile comes from
    /// [#quantile(double)].
    public double nearestRank(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw Kind.QUANTILE_SKETCH.fault("quantile " + q + " must lie in [0, 1] (0.99, not 99).");
        }
        long n = count();
        if (n == 0) {
            return Double.NaN;
        }
        long rest = Quantiles.nearestRank(q, n);
        rest -= negativeInfinite;
        if (rest <= 0) {
            return Double.NEGATIVE_INFINITY;
        }
        rest -= zero;
        if (rest <= 0) {
            return 0;
        }
        for (int i = 0; i < counts.length; i++) {
            rest -= counts[i];
            if (rest <= 0) {
                return LogGrid.value(base + i);
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    public Cells toCells() {
        int held = held() + (zero > 0 ? 1 : 0) + (missing > 0 ? 1 : 0);
        held += (negativeInfinite > 0 ? 1 : 0) + (positiveInfinite > 0 ? 1 : 0);
        int[] at = new int[held];
        long[] count = new long[held];
        int to = 0;
        to = put(at, count, to, LogGrid.NEGATIVE_INFINITY, negativeInfinite);
        to = put(at, count, to, LogGrid.MISSING, missing);
        to = put(at, count, to, LogGrid.ZERO, zero);
        for (int i = 0; i < counts.length; i++) {
            to = put(at, count, to, base + i, counts[i]);
        }
        put(at, count, to, LogGrid.POSITIVE_INFINITY, positiveInfinite);
        return new Cells(at, count);
    }

    private static int put(int[] at, long[] count, int to, int cell, long value) {
        if (value == 0) {
            return to;
        }
        at[to] = cell;
        count[to] = value;
        return to + 1;
    }

    private int held() {
        int held = 0;
        for (long count : counts) {
            held += count > 0 ? 1 : 0;
        }
        return held;
    }

    @Override
    public void merge(QuantileSketch other) {
        Kind.QUANTILE_SKETCH.plus(all(), other.all());
        if (other.counts.length > 0) {
            reach(other.base, other.base + other.counts.length - 1);
            int offset = other.base - base;
            for (int i = 0; i < other.counts.length; i++) {
                counts[offset + i] += other.counts[i];
            }
        }
        zero += other.zero;
        missing += other.missing;
        negativeInfinite += other.negativeInfinite;
        positiveInfinite += other.positiveInfinite;
    }

    @Override
    public QuantileSketch copy() {
        QuantileSketch copy = new QuantileSketch();
        copy.merge(this);
        return copy;
    }

    /// The four cells apart, then for each held cell its distance behind the one before, and its count.
    @Override
    public byte[] encode() {
        Encoder encoder = new Encoder(Kind.QUANTILE_SKETCH)
                .count(zero)
                .count(missing)
                .count(negativeInfinite)
                .count(positiveInfinite)
                .count(held());
        int next = 0;
        boolean first = true;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                if (first) {
                    encoder.signed(base + i);
                } else {
                    encoder.count((long) base + i - next);
                }
                encoder.count(counts[i]);
                first = false;
                next = base + i + 1;
            }
        }
        return encoder.bytes();
    }

    public static QuantileSketch decode(byte[] bytes) {
        Decoder decoder = new Decoder(Kind.QUANTILE_SKETCH, bytes);
        QuantileSketch sketch = new QuantileSketch();
        sketch.zero = decoder.count();
        sketch.missing = decoder.count();
        sketch.negativeInfinite = decoder.count();
        sketch.positiveInfinite = decoder.count();
        Kind kind = Kind.QUANTILE_SKETCH;
        long all = kind.plus(
                kind.plus(sketch.zero, sketch.missing), kind.plus(sketch.negativeInfinite, sketch.positiveInfinite));
        int[] at = new int[decoder.size(2)];
        long[] count = new long[at.length];
        for (int i = 0; i < at.length; i++) {
            at[i] = i == 0 ? decoder.signed() : at[i - 1] + 1 + decoder.atMost(LAST - FIRST, "a distance of cells of");
            count[i] = decoder.count();
            if (count[i] == 0 || at[i] < FIRST || at[i] > LAST) {
                throw decoder.fault("cell " + at[i] + " holds " + count[i] + "; cells run from " + FIRST + " to " + LAST
                        + " and those that hold nothing are left out");
            }
            all = kind.plus(all, count[i]);
        }
        decoder.end();
        if (at.length > 0) {
            sketch.reach(at[0], at[at.length - 1]);
        }
        for (int i = 0; i < at.length; i++) {
            sketch.counts[at[i] - sketch.base] = count[i];
        }
        return sketch;
    }

    @Override
    public String toString() {
        return "QuantileSketch[n " + count() + ", p50 " + nearestRank(0.5) + ", p99 " + nearestRank(0.99) + ", missing "
                + missing + "]";
    }
}
