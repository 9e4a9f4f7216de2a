// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.grid.Cells;
import java.util.Arrays;
import java.util.Optional;

/// What a feature looked like, with the bins that were cut from it. Both are frozen: a later window is laid on these
/// bins whatever has become of the rule that cuts them.
///
/// @param categorical whether cells have no order: labels, or numbers that are codes
public record Baseline(String measure, boolean categorical, Cells cells, ReferenceBins bins) {
    static final int BINS = 10;

    /// The most frequent categories have a bin of their own, all others one together.
    static final int CATEGORIES = 20;

    /// Empty where there are too few observations to compare with.
    public static Optional<Baseline> freeze(String measure, Cells observed, long atLeast) {
        return freeze(measure, Features.isCategorical(measure), observed, atLeast);
    }

    /// The same of a feature whose numbers may be codes.
    public static Optional<Baseline> freeze(String measure, boolean categorical, Cells observed, long atLeast) {
        ReferenceBins bins =
                categorical ? ReferenceBins.ofCategories(observed, CATEGORIES) : ReferenceBins.of(observed, BINS);
        Baseline baseline = new Baseline(measure, categorical, observed, bins);
        return baseline.observations() >= atLeast ? Optional.of(baseline) : Optional.empty();
    }

    public String feature() {
        return Features.name(measure);
    }

    /// Missing and infinite values are in no bin and do not count.
    public long observations() {
        return total(bins.counts(cells));
    }

    /// How many of a window's observations can be compared.
    public long comparable(Cells window) {
        return total(bins.counts(window));
    }

    private static long total(long[] counts) {
        return Arrays.stream(counts).sum();
    }
}
