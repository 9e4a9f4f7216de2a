// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.Counts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A multiset of bounded values: each value with how often it occurred.
///
/// Kept in one normal form (ascending, each value once, none that did not occur), so that the same
/// observations are equal and give the same result to the last bit, in whatever order and pieces they were
/// gathered.
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record Values(double[] values, long[] counts) {
    private static final Values EMPTY = new Values(new double[0], new long[0]);

    public Values {
        if (values.length != counts.length) {
            throw new IllegalArgumentException("Values: " + values.length + " values but " + counts.length
                    + " counts; give one count for each value.");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i]) || counts[i] < 0) {
                throw new IllegalArgumentException("Values: " + counts[i] + " times " + values[i]
                        + "; values must be finite and counts not negative. Leave out what could not be measured.");
            }
        }
        double[] given = values.clone();
        double[] distinct =
                Arrays.stream(given).map(v -> v + 0.0).sorted().distinct().toArray();
        long[] sums = new long[distinct.length];
        for (int i = 0; i < given.length; i++) {
            int at = Arrays.binarySearch(distinct, given[i] + 0.0);
            sums[at] = Counts.add(sums[at], counts[i]);
        }
        int kept = 0;
        for (int i = 0; i < distinct.length; i++) {
            if (sums[i] > 0) {
                distinct[kept] = distinct[i];
                sums[kept++] = sums[i];
            }
        }
        values = Arrays.copyOf(distinct, kept);
        counts = Arrays.copyOf(sums, kept);
    }

    public static Values empty() {
        return EMPTY;
    }

    /// Ones for events, zeros for the rest of n.
    public static Values binary(long events, long n) {
        if (events < 0 || events > n) {
            throw new IllegalArgumentException(
                    "Values: " + events + " events of " + n + "; events must lie between 0 and n.");
        }
        return new Values(new double[] {0, 1}, new long[] {n - events, events});
    }

    @Override
    public double[] values() {
        return values.clone();
    }

    @Override
    public long[] counts() {
        return counts.clone();
    }

    public long n() {
        long n = 0;
        for (long count : counts) {
            n = Counts.add(n, count);
        }
        return n;
    }

    /// NaN where nothing was observed.
    public double mean() {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += counts[i] * values[i];
        }
        return sum / n();
    }

    public Values plus(Values other) {
        double[] both = Arrays.copyOf(values, values.length + other.values.length);
        System.arraycopy(other.values, 0, both, values.length, other.values.length);
        long[] times = Arrays.copyOf(counts, both.length);
        System.arraycopy(other.counts, 0, times, counts.length, other.counts.length);
        return new Values(both, times);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Values that && Arrays.equals(values, that.values) && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "Values[" + Arrays.toString(values) + " x " + Arrays.toString(counts) + "]";
    }
}
