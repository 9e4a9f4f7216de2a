// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import java.util.Arrays;

/// Values of one feature in the order of their requests.
///
/// @param measure how the judge counts it
/// @param categorical whether values are numbers of categories
@SuppressWarnings("ArrayRecordComponent") // lives within one run
record Sample(String measure, boolean categorical, double[] values) {
    Sample of(double[] others) {
        return new Sample(measure, categorical, others);
    }

    Sample part(int from, int until) {
        return of(Arrays.copyOfRange(values, from, until));
    }

    int size() {
        return values.length;
    }
}
