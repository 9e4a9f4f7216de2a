// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.math.BigInteger;

/// The sum of doubles without any rounding, so that neither order nor grouping shows: merges are
/// associative and commutative bit for bit. Half a kilobyte; encoded usually under 30 bytes. Neal, arXiv
/// 1505.05571.
///
/// NaN (missing) and infinities are counted apart and do not touch the finite sum.
public final class ExactSum extends Accumulator<ExactSum> {
    private static final BigInteger LARGEST = FixedPoint.exact(Double.MAX_VALUE);

    private final FixedPoint sum;
    private long finite;
    private long missing;
    private long negativeInfinite;
    private long positiveInfinite;

    public ExactSum() {
        this(new FixedPoint(FixedPoint.DOUBLES));
    }

    private ExactSum(FixedPoint sum) {
        this.sum = sum;
    }

    public static ExactSum of(double... values) {
        ExactSum sum = new ExactSum();
        for (double value : values) {
            sum.add(value);
        }
        return sum;
    }

    public void add(double value) {
        if (Double.isFinite(value)) {
            sum.add(value);
            finite++;
        } else if (Double.isNaN(value)) {
            missing++;
        } else if (value > 0) {
            positiveInfinite++;
        } else {
            negativeInfinite++;
        }
    }

    /// Values added: finite and infinite ones, without NaN.
    public long count() {
        return finite + negativeInfinite + positiveInfinite;
    }

    /// Finite values added.
    public long finiteCount() {
        return finite;
    }

    /// NaN added.
    public long missing() {
        return missing;
    }

    public long negativeInfinite() {
        return negativeInfinite;
    }

    public long positiveInfinite() {
        return positiveInfinite;
    }

    /// The double nearest to the true sum of all but NaN, ties to even; 0 of nothing. ±∞ with infinities of
    /// one sign or beyond the largest double, NaN with infinities of both.
    public double value() {
        return infinite() ? infinity() : FixedPoint.nearest(sum.value(), BigInteger.ONE, FixedPoint.UNIT);
    }

    /// The double nearest to sum / count of all but NaN, rounded once; NaN of nothing, infinities as in
    /// [#value()].
    public double mean() {
        if (infinite()) {
            return infinity();
        }
        return finite == 0 ? Double.NaN : FixedPoint.nearest(sum.value(), BigInteger.valueOf(finite), FixedPoint.UNIT);
    }

    boolean infinite() {
        return negativeInfinite > 0 || positiveInfinite > 0;
    }

    private double infinity() {
        if (negativeInfinite > 0 && positiveInfinite > 0) {
            return Double.NaN;
        }
        return positiveInfinite > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    /// The finite sum in units of 2^-1074.
    BigInteger exact() {
        return sum.value();
    }

    @Override
    public void merge(ExactSum other) {
        Kind kind = Kind.EXACT_SUM;
        long all = kind.plus(kind.plus(count(), missing), kind.plus(other.count(), other.missing));
        if (all == 0) {
            return;
        }
        sum.add(other.sum);
        finite += other.finite;
        missing += other.missing;
        negativeInfinite += other.negativeInfinite;
        positiveInfinite += other.positiveInfinite;
    }

    @Override
    public ExactSum copy() {
        ExactSum copy = new ExactSum(sum.copy());
        copy.finite = finite;
        copy.missing = missing;
        copy.negativeInfinite = negativeInfinite;
        copy.positiveInfinite = positiveInfinite;
        return copy;
    }

    @Override
    public byte[] encode() {
        return write(new Encoder(Kind.EXACT_SUM)).bytes();
    }

    Encoder write(Encoder encoder) {
        return encoder.count(finite)
                .count(missing)
                .count(negativeInfinite)
                .count(positiveInfinite)
                .integer(sum.value());
    }

    public static ExactSum decode(byte[] bytes) {
        Decoder decoder = new Decoder(Kind.EXACT_SUM, bytes);
        ExactSum sum = read(decoder, Kind.EXACT_SUM);
        decoder.end();
        return sum;
    }

    static ExactSum read(Decoder decoder, Kind kind) {
        long finite = decoder.count();
        long missing = decoder.count();
        long negative = decoder.count();
        long positive = decoder.count();
        kind.plus(kind.plus(finite, missing), kind.plus(negative, positive));
        BigInteger total = decoder.integer();
        if (total.abs().compareTo(LARGEST.multiply(BigInteger.valueOf(finite))) > 0) {
            throw decoder.fault("the sum is larger than " + finite + " values can add up to");
        }
        ExactSum sum = new ExactSum(FixedPoint.of(total, FixedPoint.DOUBLES));
        sum.finite = finite;
        sum.missing = missing;
        sum.negativeInfinite = negative;
        sum.positiveInfinite = positive;
        return sum;
    }

    @Override
    public String toString() {
        return "ExactSum[" + value() + " of " + count() + ", missing " + missing + "]";
    }
}
