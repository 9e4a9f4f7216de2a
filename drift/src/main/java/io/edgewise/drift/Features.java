// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The measures of a tally that are watched for drift, the names under which people meet them, and their grids.
public final class Features {
    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;

    /// The challenger's labels in pairs, a bucket for each; counted for workloads with a closed set of them.
    public static final String LABELS = Measures.PAIR_LABELS + CHALLENGER;

    static final String OUTPUT_LENGTH = Measures.OUTPUT_LENGTH + CHALLENGER;
    static final String LATENCY = Measures.ARM_LATENCY + CHALLENGER;

    private static final Map<String, String> NAMES = Map.of(
            Measures.CONFIDENCE,
            "confidence",
            Measures.ENTROPY,
            "entropy",
            LABELS,
            "label",
            OUTPUT_LENGTH,
            "output-length",
            LATENCY,
            "latency");

    private static final Map<String, Scale> SCALES = Map.of(
            Measures.CONFIDENCE,
            Scale.UNIT,
            Measures.ENTROPY,
            Scale.LOG,
            LABELS,
            Scale.CATEGORY,
            OUTPUT_LENGTH,
            Scale.VALUE,
            LATENCY,
            Scale.DURATION);

    private Features() {}

    /// Measures with anything in them, sorted by name.
    public static List<String> measures(Tally tally) {
        return tally.measures().stream()
                .filter(Features::isWatched)
                .filter(measure -> !tally.read(measure).isZero())
                .sorted()
                .toList();
    }

    public static boolean isWatched(String measure) {
        return NAMES.containsKey(measure) || measure.startsWith(Measures.FEATURE);
    }

    public static Scale scale(String measure) {
        return SCALES.getOrDefault(measure, Scale.VALUE);
    }

    /// Whether cells are categories without order.
    static boolean isCategorical(String measure) {
        return scale(measure) == Scale.CATEGORY;
    }

    /// Without missing and infinite values.
    static Cells finite(Cells counted) {
        int[] cells = Arrays.stream(counted.cells())
                .filter(cell -> !LogGrid.isApart(cell))
                .toArray();
        return new Cells(cells, Arrays.stream(cells).mapToLong(counted::count).toArray());
    }

    /// "confidence", "entropy", "label", "output-length", "latency", or what the app called it; a declared feature of
    /// one of these names keeps its prefix.
    public static String name(String measure) {
        String known = NAMES.get(measure);
        if (known != null || !measure.startsWith(Measures.FEATURE)) {
            return known == null ? measure : known;
        }
        String declared = measure.substring(Measures.FEATURE.length());
        return NAMES.containsValue(declared) ? measure : declared;
    }

    /// The measure that is called so; the inverse of {@link #name}.
    public static String measure(String name) {
        return NAMES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(name.startsWith(Measures.FEATURE) ? name : Measures.FEATURE + name);
    }

    public static Cells cells(Counts counts) {
        int[] buckets = counts.buckets();
        return new Cells(buckets, Arrays.stream(buckets).mapToLong(counts::get).toArray());
    }

    /// What is watched of a tally, and nothing else: windows of many slices are long.
    public static Tally watched(Tally tally) {
        Tally kept = new Tally();
        for (String measure : measures(tally)) {
            copy(tally, measure, kept);
        }
        return kept;
    }

    public static void copy(Tally from, String measure, Tally into) {
        Counts counts = from.read(measure);
        for (int bucket : counts.buckets()) {
            into.add(measure, bucket, counts.get(bucket));
        }
    }
}
