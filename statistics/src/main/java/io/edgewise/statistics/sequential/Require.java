// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// Checks of arguments that several tests share.
final class Require {
    private Require() {}

    /// An error probability.
    static double alpha(String who, double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException(
                    who + ": alpha " + alpha + "; it must lie strictly between 0 and 1, e.g. 0.05.");
        }
        return alpha;
    }

    /// An observation that was scaled to [0, 1].
    static double unit(String who, double x) {
        if (!(x >= 0 && x <= 1)) {
            throw new IllegalArgumentException(who + ": value " + x
                    + " lies outside [0, 1]; scale or cap values first and leave out what could not be measured.");
        }
        return x;
    }

    static double positive(String who, String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(who + ": " + what + " " + value + " must be above 0 and finite.");
        }
        return value;
    }

    static double finite(String who, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    who + ": value " + value + " is not finite; leave out what could not be measured.");
        }
        return value;
    }

    /// k events in n observations.
    static void count(String who, long k, long n) {
        if (k < 0 || k > n) {
            throw new IllegalArgumentException(who + ": " + k + " of " + n + "; k must lie between 0 and n.");
        }
    }
}
