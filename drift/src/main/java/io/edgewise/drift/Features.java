// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import java.util.Arrays;
import java.util.List;

/// The measures of a tally that are watched for drift, and the names under which people meet them.
public final class Features {
    private static final String PREFIX = "drift.";
    private static final String CONFIDENCE = name(Measures.CONFIDENCE);
    private static final String ENTROPY = name(Measures.ENTROPY);

    /// The challenger's labels in pairs, a bucket for each; counted for workloads with a closed set of them.
    static final String LABELS = "pairs.labels.2";

    private static final String LABELS_NAME = "label";

    private Features() {}

    /// Measures with anything in them, sorted by name.
    public static List<String> measures(Tally tally) {
        return tally.measures().stream()
                .filter(measure -> measure.equals(Measures.CONFIDENCE)
                        || measure.equals(Measures.ENTROPY)
                        || measure.equals(LABELS)
                        || measure.startsWith(Measures.FEATURE))
                .filter(measure -> !tally.read(measure).isZero())
                .sorted()
                .toList();
    }

    /// Whether cells are categories without order.
    static boolean isCategorical(String measure) {
        return measure.equals(LABELS);
    }

    /// Without missing and infinite values.
    static Cells finite(Cells counted) {
        int[] cells = Arrays.stream(counted.cells())
                .filter(cell -> !LogGrid.isApart(cell))
                .toArray();
        return new Cells(cells, Arrays.stream(cells).mapToLong(counted::count).toArray());
    }

    /// "confidence", "entropy", "label", or what the app called it; a declared feature of one of these names keeps its
    /// prefix.
    public static String name(String measure) {
        if (measure.equals(LABELS)) {
            return LABELS_NAME;
        }
        if (measure.startsWith(Measures.FEATURE)) {
            String declared = measure.substring(Measures.FEATURE.length());
            return declared.equals(CONFIDENCE) || declared.equals(ENTROPY) || declared.equals(LABELS_NAME)
                    ? measure
                    : declared;
        }
        return measure.substring(PREFIX.length());
    }

    public static Cells cells(Counts counts) {
        int[] buckets = counts.buckets();
        return new Cells(buckets, Arrays.stream(buckets).mapToLong(counts::get).toArray());
    }
}
