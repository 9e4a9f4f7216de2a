// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is counted on many machines and added up on one. For one thread at a time.
///
/// **Encoding.** A kind byte, a version byte, fields. Equal contents encode to equal bytes, and every
/// encoding is the only one of its contents: what decodes encodes to the same bytes again. Unknown kinds
/// and versions, cut-off or trailing bytes and contents that no counting leaves behind are refused by
/// IllegalArgumentException.
///
/// Two accumulators are equal where their contents are; as contents change, do not use them as keys.
public abstract sealed class Accumulator<A extends Accumulator<A>>
        permits ExactSum, Moments, QuantileSketch, Distribution, HeavyHitters, Confusion, LabelCounts {

    Accumulator() {}

    /// Adds all that the other one holds, which is left as it is and may be this one. Where the two do not
    /// fit, nothing is added.
    public abstract void merge(A other);

    /// One of the same contents that counts on by itself.
    public abstract A copy();

    public abstract byte[] encode();

    /// Of any kind, by its first byte.
    public static Accumulator<?> decode(byte[] bytes) {
        return switch (Kind.of(bytes)) {
            case EXACT_SUM -> ExactSum.decode(bytes);
            case MOMENTS -> Moments.decode(bytes);
            case QUANTILE_SKETCH -> QuantileSketch.decode(bytes);
            case DISTRIBUTION -> Distribution.decode(bytes);
            case HEAVY_HITTERS -> HeavyHitters.decode(bytes);
            case CONFUSION -> Confusion.decode(bytes);
            case LABEL_COUNTS -> LabelCounts.decode(bytes);
        };
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Accumulator<?> that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(encode());
    }
}
