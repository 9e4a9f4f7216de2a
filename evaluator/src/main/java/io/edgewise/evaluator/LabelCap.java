// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;

/// Adds parts to a sum that keeps a bounded number of labels, and of features ([FeatureCap]): labels that
/// come when it is full are counted together.
public final class LabelCap {
    static final int MOST_LABELS = 4_096;
    static final int OTHER_LABEL = -1;

    private static final int ROLES = 3;

    private LabelCap() {}

    /// Adds all of `part` to `sum`.
    public static Tally merge(Tally sum, Tally part) {
        if (fits(sum, part)) {
            return sum.merge(part);
        }
        FeatureCap.merge(sum, part);
        for (String measure : part.measures()) {
            if (measure.startsWith(Measures.FEATURE)) {
                continue;
            }
            Counts from = part.read(measure);
            Counts into = sum.of(measure);
            for (int bucket : from.buckets()) {
                boolean isOneTooMany =
                        measure.startsWith(Measures.PAIR_LABELS) && into.size() >= MOST_LABELS && !into.holds(bucket);
                into.add(isOneTooMany ? OTHER_LABEL : bucket, from.get(bucket));
            }
        }
        return sum;
    }

    /// Labels of answers that are counted together in this sum, for want of room.
    public static long together(Tally sum) {
        long together = 0;
        for (int role = 1; role <= ROLES; role++) {
            together += sum.get(Measures.PAIR_LABELS + role, OTHER_LABEL);
        }
        return together;
    }

    private static boolean fits(Tally sum, Tally part) {
        for (int role = 1; role <= ROLES; role++) {
            String labels = Measures.PAIR_LABELS + role;
            if (sum.read(labels).size() + part.read(labels).size() > MOST_LABELS) {
                return false;
            }
        }
        return FeatureCap.fits(sum, part);
    }
}
