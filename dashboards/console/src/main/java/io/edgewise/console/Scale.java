// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.ArrayList;
import java.util.List;

/// Maps values to pixels, straight or by logarithm, and chooses round ticks.
record Scale(double low, double high, double fromPixel, double toPixel, boolean log) {
    private static final int MOST = 12;
    private static final double[] STEPS = {1, 2, 2.5, 5, 10};

    Scale {
        if (!(low < high) || (log && low <= 0)) {
            throw new IllegalArgumentException("a scale from " + low + " to " + high + (log ? " by logarithm" : ""));
        }
    }

    /// Covers all values with a margin, stays within [floor, ceiling], and never has no extent.
    static Scale covering(double[] values, double floor, double ceiling, double fromPixel, double toPixel) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        if (low > high) {
            low = 0;
            high = 1;
        }
        double span = high - low;
        double margin = span > 0 ? span * 0.12 : Math.max(Math.abs(high) * 0.1, 1e-6);
        double from = Math.max(floor, low - margin);
        double to = Math.min(ceiling, high + margin);
        return from < to
                ? new Scale(from, to, fromPixel, toPixel, false)
                : new Scale(low - margin, high + margin, fromPixel, toPixel, false);
    }

    /// For values above zero that span orders of magnitude.
    static Scale logarithmic(double[] values, double fromPixel, double toPixel) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (double value : values) {
            if (value > 0) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return high == 0
                ? new Scale(1, 10, fromPixel, toPixel, true)
                : new Scale(low / 1.4, high * 1.4, fromPixel, toPixel, true);
    }

    double at(double value) {
        double part = log
                ? (StrictMath.log(Math.max(value, low)) - StrictMath.log(low))
                        / (StrictMath.log(high) - StrictMath.log(low))
                : (value - low) / (high - low);
        return fromPixel + Math.clamp(part, 0.0, 1.0) * (toPixel - fromPixel);
    }

    /// Round values inside the scale, about five.
    List<Double> ticks() {
        return log ? decades() : steps();
    }

    private List<Double> steps() {
        double rough = (high - low) / 5;
        double magnitude = StrictMath.pow(10, Math.floor(StrictMath.log10(rough)));
        double step = magnitude * 10;
        for (double factor : STEPS) {
            if (magnitude * factor >= rough) {
                step = magnitude * factor;
                break;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9 && ticks.size() < MOST; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private List<Double> decades() {
        double span = high / low;
        double[] marks =
                span > 30 ? new double[] {1, 3} : span > 8 ? new double[] {1, 2, 5} : new double[] {1, 1.5, 2, 3, 4, 6};
        List<Double> ticks = new ArrayList<>();
        double decade = StrictMath.pow(10, Math.floor(StrictMath.log10(low)));
        while (decade <= high && ticks.size() < MOST) {
            for (double mark : marks) {
                if (decade * mark >= low && decade * mark <= high && ticks.size() < MOST) {
                    ticks.add(decade * mark);
                }
            }
            decade *= 10;
        }
        return ticks;
    }
}
