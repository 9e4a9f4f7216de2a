// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.math.BigInteger;

/// Count, mean, variance and range, all from exact sums of x and x²: merges are associative and commutative
/// bit for bit, and each figure is rounded once, at the end, however large the mean is beside the spread.
///
/// NaN is missing and counted apart. With infinities the mean and the range are as IEEE arithmetic has
/// them, the variance is NaN.
public final class Moments extends Accumulator<Moments> {
    private final ExactSum sum;
    private final FixedPoint squares;

    /// Of the finite values; meaningless while there are none.
    private double least;

    private double largest;

    public Moments() {
        this(new ExactSum(), new FixedPoint(FixedPoint.SQUARES), Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    private Moments(ExactSum sum, FixedPoint squares, double least, double largest) {
        this.sum = sum;
        this.squares = squares;
        this.least = least;
        this.largest = largest;
    }

    public static Moments of(double... values) {
        Moments moments = new Moments();
        for (double value : values) {
            moments.add(value);
        }
        return moments;
    }

    public void add(double value) {
        sum.add(value);
        if (Double.isFinite(value)) {
            double unsignedZero = value + 0.0;
            squares.addSquare(value);
            least = Math.min(least, unsignedZero);
            largest = Math.max(largest, unsignedZero);
        }
    }

    /// Observations: finite and infinite values, without NaN.
    public long count() {
        return sum.count();
    }

    /// NaN added.
    public long missing() {
        return sum.missing();
    }

    /// The sum, see [ExactSum#value()].
    public double sum() {
        return sum.value();
    }

    /// Sum of squares, correctly rounded: 0 of nothing, +∞ with an infinity or beyond the largest double.
    public double sumOfSquares() {
        return sum.infinite()
                ? Double.POSITIVE_INFINITY
                : FixedPoint.nearest(squares.value(), BigInteger.ONE, 2 * FixedPoint.UNIT);
    }

    /// Σx / n, correctly rounded; NaN of nothing.
    public double mean() {
        return sum.mean();
    }

    /// Smallest observation; NaN of nothing.
    public double min() {
        if (sum.negativeInfinite() > 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return count() == 0 ? Double.NaN : sum.finiteCount() == 0 ? Double.POSITIVE_INFINITY : least;
    }

    /// Largest observation; NaN of nothing.
    public double max() {
        if (sum.positiveInfinite() > 0) {
            return Double.POSITIVE_INFINITY;
        }
        return count() == 0 ? Double.NaN : sum.finiteCount() == 0 ? Double.NEGATIVE_INFINITY : largest;
    }

    /// (n Σx² - (Σx)²) / (n (n - ddof)), correctly rounded: ddof 0 of a population, 1 unbiased of a sample.
    /// NaN where n <= ddof, of nothing, and with infinities; exactly 0 where all values are equal.
    public double variance(int ddof) {
        if (ddof != 0 && ddof != 1) {
            throw Kind.MOMENTS.fault("ddof " + ddof + " must be 0 (population) or 1 (sample).");
        }
        long n = count();
        if (n <= ddof || sum.infinite()) {
            return Double.NaN;
        }
        BigInteger over = spread(sum.exact(), squares.value(), n);
        BigInteger under = BigInteger.valueOf(n).multiply(BigInteger.valueOf(n - ddof));
        return FixedPoint.nearest(over, under, 2 * FixedPoint.UNIT);
    }

    /// Square root of [#variance(int)].
    public double standardDeviation(int ddof) {
        return StrictMath.sqrt(variance(ddof));
    }

    private static BigInteger spread(BigInteger sum, BigInteger squares, long n) {
        return BigInteger.valueOf(n).multiply(squares).subtract(sum.multiply(sum));
    }

    @Override
    public void merge(Moments other) {
        sum.merge(other.sum);
        squares.add(other.squares);
        least = Math.min(least, other.least);
        largest = Math.max(largest, other.largest);
    }

    @Override
    public Moments copy() {
        return new Moments(sum.copy(), squares.copy(), least, largest);
    }

    @Override
    public byte[] encode() {
        Encoder encoder = sum.write(new Encoder(Kind.MOMENTS)).integer(squares.value());
        if (sum.finiteCount() > 0) {
            encoder.real(least).real(largest);
        }
        return encoder.bytes();
    }

    public static Moments decode(byte[] bytes) {
        Decoder decoder = new Decoder(Kind.MOMENTS, bytes);
        ExactSum sum = ExactSum.read(decoder, Kind.MOMENTS);
        BigInteger squares = decoder.integer();
        long n = sum.finiteCount();
        if (n == 0) {
            if (squares.signum() != 0) {
                throw decoder.fault("a sum of squares of no values");
            }
            decoder.end();
            return new Moments(
                    sum, new FixedPoint(FixedPoint.SQUARES), Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        }
        double least = decoder.real();
        double largest = decoder.real();
        decoder.end();
        if (!possible(sum.exact(), squares, n, FixedPoint.exact(least), FixedPoint.exact(largest))) {
            throw decoder.fault(
                    "no " + n + " values from " + least + " to " + largest + " have this sum and sum of" + " squares");
        }
        return new Moments(sum, FixedPoint.of(squares, FixedPoint.SQUARES), least, largest);
    }

    private static boolean possible(BigInteger sum, BigInteger squares, long n, BigInteger least, BigInteger largest) {
        BigInteger count = BigInteger.valueOf(n);
        BigInteger widest = least.abs().max(largest.abs());
        return (n == 1 ? least.compareTo(largest) == 0 : least.compareTo(largest) <= 0)
                && least.multiply(count).compareTo(sum) <= 0
                && largest.multiply(count).compareTo(sum) >= 0
                && widest.multiply(widest).multiply(count).compareTo(squares) >= 0
                && spread(sum, squares, n).signum() >= 0;
    }

    @Override
    public String toString() {
        return "Moments[n " + count() + ", mean " + mean() + ", variance " + variance(0) + ", min " + min() + ", max "
                + max() + ", missing " + missing() + "]";
    }
}
