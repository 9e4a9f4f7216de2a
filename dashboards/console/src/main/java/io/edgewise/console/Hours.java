// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// The stages and cohorts of one hour together. Counts are added up; percentiles and means cannot be, so that the row
/// with the most requests speaks for the hour in which a stage began.
record Hours(List<Rows.Hour> rows) implements Traffic {
    @Override
    public Optional<Figures.Share> agreement() {
        long compared = rows.stream().mapToLong(Rows.Hour::compared).sum();
        long agree = sum(row -> row.compared() * row.agreement().orElse(0));
        return Figures.share(agree, compared - agree);
    }

    @Override
    public long championServed() {
        return sum(row -> row.requests() * row.championShare().orElse(0));
    }

    @Override
    public long challengerServed() {
        return sum(row -> row.requests() * row.challengerShare().orElse(0));
    }

    private long sum(ToDoubleFunction<Rows.Hour> count) {
        return rows.stream()
                .mapToLong(row -> Math.round(count.applyAsDouble(row)))
                .sum();
    }

    @Override
    public OptionalDouble userLatency(double quantile) {
        Rows.Hour row = busiest();
        return quantile <= 0.5 ? row.p50() : quantile <= 0.95 ? row.p95() : row.p99();
    }

    @Override
    public OptionalDouble costPerRequest() {
        return busiest().cost();
    }

    private Rows.Hour busiest() {
        return rows.stream().max(Comparator.comparingLong(Rows.Hour::requests)).orElseThrow();
    }
}
