// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.grid.Cells;
import java.util.Arrays;
import java.util.Optional;

/// What a feature looked like in shadow, with the bins that were cut from it. Both are frozen: a later window is laid
/// on
/// these bins whatever has become of the rule that cuts them.
public record Baseline(String measure, Cells cells, ReferenceBins bins) {
    static final int BINS = 10;

    /// The most frequent categories have a bin of their own, all others one together.
    static final int CATEGORIES = 20;

    /// Empty where there are too few observations to compare with.
    public static Optional<Baseline> freeze(String measure, Cells shadow, long atLeast) {
        ReferenceBins bins = Features.isCategorical(measure)
                ? ReferenceBins.ofCategories(shadow, CATEGORIES)
                : ReferenceBins.of(shadow, BINS);
        Baseline baseline = new Baseline(measure, shadow, bins);
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

    /// Whether cells have no order.
    boolean isCategorical() {
        return Features.isCategorical(measure);
    }

    private static long total(long[] counts) {
        return Arrays.stream(counts).sum();
    }
}
