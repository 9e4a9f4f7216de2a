// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.special.Counts;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// "p99 at most +40 %" as a question about a share: at most 1 % of requests may take tau or longer.
///
/// `tau = (1 + growth) x` the upper 95 % bound of the control's p99 ([Quantiles#upperBound], exact order
/// statistics), rounded up to the next cell edge above it, so that every request counted as slow is longer
/// than the product, and slow requests are counted exactly from cells. Frozen before the first request that
/// is judged.
///
/// `p99 <= tau` and `P(L > tau) <= 0.01` say the same, hence [MeanTest] on the indicator; a function of
/// totals only.
///
/// A latency that is missing, infinite, negative or 0 (the last two share [LogGrid#ZERO]) was not measured.
/// It is no evidence for anybody: for SAFE such a request counts as slow, for BREACH it is left out, and in
/// the control it is left out and counts towards nothing.
///
/// @param requests of the control whose latency was measured
/// @param p99Bound upper bound of the control's p99
/// @param tauCell the last cell of [LogGrid] that is not slow
/// @param tau its upper edge
public record Exceedance(long requests, double p99Bound, int tauCell, double tau) {
    public static final double QUANTILE = 0.99;

    /// The share of requests that may be slow.
    public static final double SHARE = 0.01;

    public static final double CONFIDENCE = 0.95;

    /// Fewer requests of the control do not carry a p99.
    public static final long FEWEST_REQUESTS = 2_000;

    public Exceedance {
        if (requests < FEWEST_REQUESTS || !(p99Bound > 0) || !(tau > p99Bound) || LogGrid.upper(tauCell) != tau) {
            throw new IllegalArgumentException("Exceedance: tau " + tau + " (cell " + tauCell + ") from a bound of "
                    + p99Bound + " on " + requests + " requests; make it by Exceedance.freeze().");
        }
    }

    /// Empty (NO-EVIDENCE) where the control has fewer than 2,000 requests with a measured latency.
    ///
    /// @param growth allowed, 0.4 for +40 %
    public static Optional<Exceedance> freeze(Cells control, double growth) {
        if (!(growth >= 0) || Double.isInfinite(growth)) {
            throw new IllegalArgumentException(
                    "Exceedance: growth " + growth + " of the p99 must be finite and not negative (0.4 for +40 %).");
        }
        Cells measured = measured(control);
        long requests = measured.total();
        OptionalDouble bound = requests < FEWEST_REQUESTS
                ? OptionalDouble.empty()
                : Quantiles.upperBound(measured, QUANTILE, CONFIDENCE);
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        int cell = LogGrid.cell(bound.getAsDouble() * (1 + growth));
        double tau = LogGrid.upper(cell);
        return Double.isInfinite(tau)
                ? Optional.empty()
                : Optional.of(new Exceedance(requests, bound.getAsDouble(), cell, tau));
    }

    /// Ones for slow requests, zeros for the others. Requests whose latency was not measured are slow for
    /// SAFE and left out for BREACH.
    public Values slow(Cells canary, Purpose purpose) {
        Cells measured = measured(canary);
        long slow = Quantiles.above(measured, tauCell);
        return switch (purpose) {
            case SAFE -> Values.binary(Counts.add(slow, canary.total() - measured.total()), canary.total());
            case BREACH -> Values.binary(slow, measured.total());
        };
    }

    /// More than 1 % are slow.
    public static MeanTest breach() {
        return new MeanTest(Purpose.BREACH, Side.ABOVE, SHARE, 0, 1);
    }

    /// Fewer than 1 % are slow.
    public static MeanTest safe() {
        return new MeanTest(Purpose.SAFE, Side.BELOW, SHARE, 0, 1);
    }

    private static Cells measured(Cells cells) {
        int[] at = cells.cells();
        long[] counts = cells.counts();
        int[] kept = IntStream.range(0, at.length)
                .filter(i -> at[i] != LogGrid.ZERO && !LogGrid.isApart(at[i]))
                .toArray();
        return new Cells(
                Arrays.stream(kept).map(i -> at[i]).toArray(),
                Arrays.stream(kept).mapToLong(i -> counts[i]).toArray());
    }
}
