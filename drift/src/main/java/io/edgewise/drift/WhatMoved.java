// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.Psi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The bins that add most to an index, largest first.
final class WhatMoved {
    static final int MOST = 5;

    private WhatMoved() {}

    /// @param names of categories, by cell
    static List<Moved> of(Baseline baseline, long[] before, long[] now, Map<Integer, String> names) {
        double n = Arrays.stream(before).sum();
        double m = Arrays.stream(now).sum();
        List<Moved> moved = new ArrayList<>();
        for (int bin = 0; bin < before.length && n > 0 && m > 0; bin++) {
            double part = Psi.contribution(before, now, bin);
            if (part > 0) {
                moved.add(new Moved(range(baseline, bin, names), before[bin] / n, now[bin] / m, part));
            }
        }
        moved.sort(Comparator.comparingDouble((Moved each) -> -each.part()));
        return List.copyOf(moved.subList(0, Math.min(MOST, moved.size())));
    }

    private static String range(Baseline baseline, int bin, Map<Integer, String> names) {
        int[] cuts = baseline.bins().cuts();
        int[] atoms = baseline.bins().atoms();
        Scale scale = Features.scale(baseline.measure());
        if (baseline.categorical()) {
            return bin == 0 ? "all other categories" : category(scale, atoms[bin - 1], names);
        }
        if (bin > cuts.length) {
            int atom = atoms[bin - cuts.length - 1];
            double low = scale.lower(atom);
            double high = scale.upper(atom);
            return low == high ? "exactly " + scale.words(low) : scale.words(low) + " to " + scale.words(high);
        }
        if (cuts.length == 0) {
            return "all other values";
        }
        int from = bin == 0 ? Integer.MIN_VALUE : cuts[bin - 1] + 1;
        int to = bin == cuts.length ? Integer.MAX_VALUE : cuts[bin];
        boolean hollow = Arrays.stream(atoms).anyMatch(atom -> atom >= from && atom <= to);
        String beside = hollow ? " but for values with a bin of their own" : "";
        if (bin == 0) {
            return "up to " + scale.words(scale.upper(to)) + beside;
        }
        String above = scale.words(scale.upper(cuts[bin - 1]));
        String between = scale == Scale.VALUE ? "above " + above + ", up to " : above + " to ";
        return (bin == cuts.length ? "above " + above : between + scale.words(scale.upper(to))) + beside;
    }

    private static String category(Scale scale, int cell, Map<Integer, String> names) {
        String name = names.get(cell);
        if (name != null) {
            return name;
        }
        return scale == Scale.CATEGORY ? "category #" + cell : scale.words(scale.lower(cell));
    }
}
