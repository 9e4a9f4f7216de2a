// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.kll.KllSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/// Ranks and quantiles of any numbers, by the KLL sketch of Apache DataSketches (Karnin, Lang, Liberty,
/// FOCS 2016): for drawing, and for choosing the bins of a baseline.
///
/// **Never for a gate.** KLL flips coins that nobody seeds: beyond about k values, the same data give other
/// figures in another run, and merges agree within [#rankError()], not bit for bit. Its error is one of
/// rank, not of value: a p99 of latency may be off by any factor, which is what [QuantileSketch] is for.
///
/// NaN is missing and counted apart; infinities are values. -0 counts as 0.
public final class Distribution extends Accumulator<Distribution> {
    public static final int DEFAULT_K = 2048;
    public static final int SMALLEST_K = 8;
    public static final int LARGEST_K = KllSketch.MAX_K;

    private final int k;
    private KllDoublesSketch sketch;
    private long missing;

    /// k 2,048: rank error 0.14 %, about 50 kB for any number of values.
    public Distribution() {
        this(DEFAULT_K);
    }

    public Distribution(int k) {
        this(requireK(k), KllDoublesSketch.newHeapInstance(k), 0);
    }

    private Distribution(int k, KllDoublesSketch sketch, long missing) {
        this.k = k;
        this.sketch = sketch;
        this.missing = missing;
    }

    private static int requireK(int k) {
        if (k < SMALLEST_K || k > LARGEST_K) {
            throw Kind.DISTRIBUTION.fault("k " + k + " must be from " + SMALLEST_K + " to " + LARGEST_K + ".");
        }
        return k;
    }

    public void add(double value) {
        if (Double.isNaN(value)) {
            missing++;
        } else {
            sketch.update(value + 0.0);
        }
    }

    /// Values added, infinite ones included, NaN not.
    public long count() {
        return sketch.getN();
    }

    /// NaN added.
    public long missing() {
        return missing;
    }

    public int k() {
        return k;
    }

    /// Whether all values are still held, so that ranks and quantiles are exact.
    public boolean exact() {
        return !sketch.isEstimationMode();
    }

    /// Exact; NaN of nothing.
    public double min() {
        return sketch.isEmpty() ? Double.NaN : sketch.getMinItem();
    }

    /// Exact; NaN of nothing.
    public double max() {
        return sketch.isEmpty() ? Double.NaN : sketch.getMaxItem();
    }

    /// Share of values at or below this one, within [#rankError()]; NaN of nothing.
    public double rank(double value) {
        if (Double.isNaN(value)) {
            throw Kind.DISTRIBUTION.fault("the rank of NaN is not defined; ask for a number.");
        }
        return sketch.isEmpty() ? Double.NaN : sketch.getRank(value, QuantileSearchCriteria.INCLUSIVE);
    }

    /// The smallest held value of rank q or more (nearest rank, type 1 while [#exact()]), for q in [0, 1];
    /// NaN of nothing.
    public double quantile(double q) {
        if (!(q >= 0 && q <= 1)) {
            throw Kind.DISTRIBUTION.fault("quantile " + q + " must lie in [0, 1] (0.99, not 99).");
        }
        return sketch.isEmpty() ? Double.NaN : sketch.getQuantile(q, QuantileSearchCriteria.INCLUSIVE);
    }

    /// A single rank is off by at most this share with 99 % confidence (the library's fit); 0 while
    /// [#exact()].
    public double rankError() {
        return exact() ? 0 : sketch.getNormalizedRankError(false);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the library cannot merge a sketch into itself
    public void merge(Distribution other) {
        if (other.k != k) {
            throw Kind.DISTRIBUTION.fault(
                    "k " + k + " and k " + other.k + " do not merge without loss; give both sides the same one.");
        }
        long sum = Kind.DISTRIBUTION.plus(missing, other.missing);
        Kind.DISTRIBUTION.plus(count(), other.count());
        if (sketch.isEmpty()) {
            sketch = other.copy().sketch;
        } else if (!other.sketch.isEmpty()) { // even an empty one would make the library flip coins
            sketch.merge(other == this ? copy().sketch : other.sketch);
        }
        missing = sum;
    }

    @Override
    public Distribution copy() {
        return decode(encode());
    }

    /// Missing values, then the library's compact bytes.
    @Override
    public byte[] encode() {
        return new Encoder(Kind.DISTRIBUTION)
                .count(missing)
                .raw(KllImage.bytes(sketch))
                .bytes();
    }

    public static Distribution decode(byte[] bytes) {
        Decoder decoder = new Decoder(Kind.DISTRIBUTION, bytes);
        long missing = decoder.count();
        KllDoublesSketch sketch = KllImage.read(decoder, decoder.rest());
        return new Distribution(sketch.getK(), sketch, missing);
    }

    @Override
    public String toString() {
        return "Distribution[n " + count() + ", p50 " + quantile(0.5) + ", rank error " + rankError() + ", missing "
                + missing + "]";
    }
}
