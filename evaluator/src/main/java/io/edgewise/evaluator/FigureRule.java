// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;

/// One or several figures that are read from a tally together. NaN says that there is not enough data.
interface FigureRule {
    List<String> names();

    /// Sets as many figures as there are names, from place `at` on.
    void read(Tally tally, double[] into, int at);

    /// A figure of its own formula.
    static FigureRule one(String name, ToDoubleFunction<Tally> formula) {
        return new One(name, formula);
    }

    /// How many: 0 is a number here.
    static FigureRule count(String name, String measure, int bucket) {
        return one(name, tally -> (double) tally.get(measure, bucket));
    }

    /// A bucket over another bucket of the same measure.
    static FigureRule ratio(String name, String measure, int part, int whole) {
        return one(name, tally -> ratio(tally.get(measure, part), tally.get(measure, whole)));
    }

    static FigureRule quantiles(String prefix, String suffix, String measure, List<Integer> perMille) {
        return new QuantileFigures(prefix, suffix, measure, List.copyOf(perMille));
    }

    static double ratio(long part, long whole) {
        return ratio((double) part, (double) whole);
    }

    static double ratio(double part, long whole) {
        return ratio(part, (double) whole);
    }

    static double ratio(double part, double whole) {
        return whole > 0 ? part / whole : Double.NaN;
    }

    /// Mean of what was counted in cells, taking `value` for each; missing and infinite values left out.
    static double mean(Counts counts, IntToDoubleFunction value) {
        double sum = 0;
        long n = 0;
        for (int cell : counts.buckets()) {
            if (!LogGrid.isApart(cell)) {
                sum += value.applyAsDouble(cell) * counts.get(cell);
                n += counts.get(cell);
            }
        }
        return ratio(sum, n);
    }

    /// A single figure.
    record One(String name, ToDoubleFunction<Tally> formula) implements FigureRule {
        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public void read(Tally tally, double[] into, int at) {
            into[at] = formula.applyAsDouble(tally);
        }
    }

    /// Quantiles of what was counted on [LogGrid]; 999 per mille is called "p999", 500 "p50".
    record QuantileFigures(String prefix, String suffix, String measure, List<Integer> perMille) implements FigureRule {
        private static final double MILLE = 1000;

        @Override
        public List<String> names() {
            List<String> names = new ArrayList<>();
            perMille.forEach(q -> names.add(prefix + "_p" + (q % 10 == 0 ? q / 10 : q) + suffix));
            return names;
        }

        @Override
        public void read(Tally tally, double[] into, int at) {
            Counts counts = tally.read(measure);
            int[] buckets = counts.buckets();
            long[] amounts = new long[buckets.length];
            for (int i = 0; i < buckets.length; i++) {
                amounts[i] = counts.get(buckets[i]);
            }
            Cells cells = new Cells(buckets, amounts);
            for (int i = 0; i < perMille.size(); i++) {
                double value = Quantiles.of(cells, perMille.get(i) / MILLE).orElse(Double.NaN);
                into[at + i] = Double.isInfinite(value) ? Double.NaN : value;
            }
        }
    }
}
