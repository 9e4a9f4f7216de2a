// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.Arrays;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToIntFunction;

/// A structure for percentiles: how it counts, answers and is written.
///
/// @param bytes size of its serialised form
record Contender<S>(
        String name,
        Supplier<S> empty,
        ObjDoubleConsumer<S> add,
        ToDoubleBiFunction<S, Double> quantile,
        ToIntFunction<S> bytes) {
    static final double[] PERCENTILES = {0.5, 0.95, 0.99, 0.999};

    S filled(double[] values) {
        S structure = empty.get();
        for (double value : values) {
            add.accept(structure, value);
        }
        return structure;
    }

    /// Relative to the value of nearest rank, in percent, at each of the percentiles.
    double[] errors(double[] ascending, double[] values) {
        S structure = filled(values);
        return Arrays.stream(PERCENTILES)
                .map(q -> {
                    double exact = ascending[(int) Math.ceil(q * ascending.length) - 1];
                    return 100 * Math.abs(quantile.applyAsDouble(structure, q) / exact - 1);
                })
                .toArray();
    }
}
