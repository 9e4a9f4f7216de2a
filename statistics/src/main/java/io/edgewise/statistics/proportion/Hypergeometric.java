// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import io.edgewise.statistics.special.Counts;
import java.util.function.LongPredicate;

/// Fisher's exact test (1922) for counts of any size, on the hypergeometric law of the first cell a of a table
/// [[a, b], [c, d]] whose margins are given.
///
/// Single probabilities are quotients of three binomial ones by Loader's saddle-point expansion (2000), which
/// loses no digits to large counts. Tails are summed from their largest term outwards until terms vanish, some
/// ten standard deviations at most. Where the standard deviation is above 10,000 (even margins: from 1.6 · 10⁹
/// observations on), runs of a five-thousandth of it are one term, taken at their middle: within 1e-6 of the
/// p-value. Below, within 1e-9.
///
/// @param top a + b, observations of the first row
/// @param bottom c + d, of the second
/// @param left a + c, of the first column
/// @param right b + d, of the second
record Hypergeometric(long top, long bottom, long left, long right) {
    /// Probabilities within this of each other count as equal, as in SciPy and R: a table's mirror must not be
    /// lost by rounding.
    private static final double EQUAL = 1e-7;

    private static final double NEGLIGIBLE = 1e-18;
    private static final double WIDE = 10_000;
    private static final double RUNS = 5_000;

    /// Two-sided: the probability of all tables with these margins that are at most as likely as this one.
    /// Turned so that the first row and column are the rarer ones: then no difference loses digits.
    static double fisher(long a, long b, long c, long d) {
        long total = Counts.add(Counts.add(a, b), Counts.add(c, d));
        if (total == 0) {
            return 1;
        }
        if (a + c > b + d) {
            return fisher(b, a, d, c);
        }
        return a + b > c + d ? fisher(c, d, a, b) : new Hypergeometric(a + b, c + d, a + c, b + d).twoSided(a);
    }

    private double twoSided(long a) {
        long least = Math.max(0, left - bottom);
        long most = Math.min(left, top);
        long mode = Math.clamp((long) ((left + 1.0) * (top + 1.0) / (total() + 2)), least, most);
        double limit = ln(a) + EQUAL;
        if (ln(mode) <= limit) {
            return 1;
        }
        long below = first(0, mode - least + 1, i -> i > mode - least || ln(mode - i) <= limit);
        long above = first(0, most - mode + 1, i -> i > most - mode || ln(mode + i) <= limit);
        return Math.min(1, tail(mode - below, -1, mode - below - least) + tail(mode + above, 1, most - mode - above));
    }

    /// The smallest number that holds; what holds for one holds for all above it, and for the last.
    private static long first(long from, long last, LongPredicate holds) {
        long low = from;
        long high = last;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (holds.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// The sum of the probability of `from` and of so many further ones in this direction, each smaller than
    /// the one before.
    private double tail(long from, int direction, long further) {
        if (further < 0) {
            return 0;
        }
        double largest = ln(from);
        double sum = 0;
        double term = 1;
        if (sd() < WIDE) {
            for (long i = 0; i <= further && term > NEGLIGIBLE * sum; i++) {
                sum += term;
                term *= direction > 0 ? ratio(from + i) : 1 / ratio(from - i - 1);
            }
        } else {
            long run = (long) (sd() / RUNS);
            for (long i = 0; i <= further && term > NEGLIGIBLE * sum; i += run) {
                long count = Math.min(run, further - i + 1);
                term = count * StrictMath.exp(ln(from + direction * (i + count / 2)) - largest);
                sum += term;
            }
        }
        return sum * StrictMath.exp(largest);
    }

    /// P(i + 1) / P(i).
    private double ratio(long i) {
        return (double) (top - i) / (i + 1) * ((double) (left - i) / (bottom - left + i + 1));
    }

    private double sd() {
        double n = total();
        return StrictMath.sqrt(top / n * left / n * bottom * (right / Math.max(1, n - 1)));
    }

    private double total() {
        return (double) top + bottom;
    }

    /// The share of the first column cancels, so that its rounding does not matter.
    private double ln(long i) {
        double p = left / total();
        double q = right / total();
        return BinomialTails.ln((double) i, (double) (top - i), p, q)
                + BinomialTails.ln((double) (left - i), (double) (bottom - left + i), p, q)
                - BinomialTails.ln((double) left, (double) right, p, q);
    }
}
