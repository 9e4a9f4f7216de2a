// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

/// Cosine of two embeddings, x·y / (|x| |y|), summed in the order of the entries in double precision
/// after each vector was scaled by a power of two, so that nothing overflows and neither length matters.
///
/// A workload that names this measure must name the embedding model and its version with it.
public final class EmbeddingSimilarity {
    public static final String DEFINITION = "embedding-cosine/1";

    /// The largest entry of a scaled vector lies in [2^64, 2^65): no square of a relevant entry vanishes.
    private static final int LARGEST = 64;

    private EmbeddingSimilarity() {}

    /// max(0, cosine): opposite directions are as bad as unrelated ones, and thresholds known for the
    /// cosine hold. A vector without direction (all zeros, a NaN or an infinity) agrees with nothing, not
    /// even with itself: 0.
    public static double score(double[] reference, double[] answer) {
        double cosine = cosine(reference, answer);
        return cosine > 0 ? cosine : 0;
    }

    public static double score(float[] reference, float[] answer) {
        return score(widened(reference), widened(answer));
    }

    /// In [-1, 1]; NaN where a vector is all zeros or has an entry that is not finite.
    public static double cosine(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("EmbeddingSimilarity: " + x.length + " and " + y.length
                    + " entries; embed both texts with the same model.");
        }
        if (x.length == 0) {
            throw new IllegalArgumentException(
                    "EmbeddingSimilarity: the vectors have no entries; pass what the embedding model returned.");
        }
        double scaleX = scale(x);
        double scaleY = scale(y);
        if (Double.isNaN(scaleX) || Double.isNaN(scaleY)) {
            return Double.NaN;
        }
        double product = 0;
        double squaresX = 0;
        double squaresY = 0;
        for (int i = 0; i < x.length; i++) {
            double a = scaled(x[i], scaleX);
            double b = scaled(y[i], scaleY);
            product += a * b;
            squaresX += a * a;
            squaresY += b * b;
        }
        return Math.clamp(product / StrictMath.sqrt(squaresX * squaresY), -1.0, 1.0);
    }

    public static double cosine(float[] x, float[] y) {
        return cosine(widened(x), widened(y));
    }

    /// The exponent to add; NaN for a vector without direction.
    private static double scale(double[] vector) {
        double largest = 0;
        for (double entry : vector) {
            if (!Double.isFinite(entry)) {
                return Double.NaN;
            }
            largest = Math.max(largest, Math.abs(entry));
        }
        return largest == 0 ? Double.NaN : LARGEST - Math.getExponent(largest);
    }

    private static double scaled(double entry, double exponent) {
        return StrictMath.scalb(entry, (int) exponent);
    }

    private static double[] widened(float[] vector) {
        double[] wide = new double[vector.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = vector[i];
        }
        return wide;
    }
}
