// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import java.util.Arrays;
import java.util.List;

/// A scale from one value to another, plain or logarithmic, with its marks.
record Axis(String title, double from, double to, boolean logarithmic, List<Tick> ticks) {
    static Axis plain(String title, double from, double to, Tick... ticks) {
        return new Axis(title, from, to, false, Arrays.asList(ticks));
    }

    static Axis logarithmic(String title, double from, double to, Tick... ticks) {
        return new Axis(title, from, to, true, Arrays.asList(ticks));
    }

    /// Where the value lies: 0 at the beginning, 1 at the end, never outside.
    double share(double value) {
        double share = (scaled(value) - scaled(from)) / (scaled(to) - scaled(from));
        return Math.clamp(share, 0, 1);
    }

    private double scaled(double value) {
        return logarithmic ? StrictMath.log(value) : value;
    }
}
