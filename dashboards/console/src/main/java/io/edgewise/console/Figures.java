// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.sequential.ConfidenceSequence;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a tally says, as figures. Every share is empty where nothing was counted: no data is not a number.
record Figures(Tally tally) implements Traffic {
    /// Of intervals that are shown; gates have their own.
    static final double ALPHA = 0.05;

    /// Labels of the pairs with both sides, a bucket for each: + role number.
    private static final String LABELS = "pairs.labels.";

    private static final double SMALLEST = 1e-12;
    private static final int CHAMPION = Role.ROLE_CHAMPION_VALUE;
    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;

    /// A share with the interval that holds at every time at once.
    record Share(long hits, long n, double low, double high) {
        double value() {
            return (double) hits / n;
        }
    }

    long requests() {
        return tally.get(Measures.REQUESTS, 0);
    }

    /// Pairs of which both sides answered.
    @Override
    public Optional<Share> agreement() {
        return share(tally.get(Measures.PAIRS, 0), tally.get(Measures.PAIRS, 1));
    }

    /// Agreement beyond what chance gives with the labels that each side uses; empty for open answers, of which labels
    /// are not counted, and where both sides said one and the same always.
    OptionalDouble kappa() {
        Counts champion = tally.read(LABELS + CHAMPION);
        Counts challenger = tally.read(LABELS + CHALLENGER);
        double championN = sum(champion);
        double challengerN = sum(challenger);
        Optional<Share> observed = agreement();
        if (observed.isEmpty() || !(championN > 0 && challengerN > 0)) {
            return OptionalDouble.empty();
        }
        double chance = 0;
        for (int label : champion.buckets()) {
            chance += champion.get(label) / championN * (challenger.get(label) / challengerN);
        }
        double most = 1 - chance;
        return most > SMALLEST ? OptionalDouble.of((observed.get().value() - chance) / most) : OptionalDouble.empty();
    }

    private static double sum(Counts counts) {
        double sum = 0;
        for (int bucket : counts.buckets()) {
            sum += counts.get(bucket);
        }
        return sum;
    }

    @Override
    public long challengerServed() {
        return tally.get(Measures.SERVED, CHALLENGER);
    }

    @Override
    public long championServed() {
        return tally.get(Measures.SERVED, CHAMPION);
    }

    @Override
    public OptionalDouble userLatency(double quantile) {
        return quantile(Measures.USER_LATENCY, quantile);
    }

    OptionalDouble challengerLatency(double quantile) {
        return quantile(Measures.ARM_LATENCY + CHALLENGER, quantile);
    }

    OptionalDouble championLatency(double quantile) {
        return quantile(Measures.ARM_LATENCY + CHAMPION, quantile);
    }

    /// Nano-units.
    @Override
    public OptionalDouble costPerRequest() {
        return ratio(tally.get(Measures.USER_COST, 0), tally.get(Measures.USER_COST, 1));
    }

    /// Of the cohort's assigned arm, also where a fall-back saved the answer.
    OptionalDouble assignedErrors() {
        return ratio(tally.get(Measures.ASSIGNED, 1), tally.get(Measures.ASSIGNED, 0));
    }

    long challengerAttempts() {
        return tally.get(Measures.ATTEMPTS, 2 * CHALLENGER);
    }

    long challengerFailures() {
        return tally.get(Measures.ATTEMPTS, 2 * CHALLENGER + 1);
    }

    OptionalDouble challengerAccuracy() {
        return ratio(tally.get(Measures.TRUTH, 2 * CHALLENGER + 1), tally.get(Measures.TRUTH, 2 * CHALLENGER));
    }

    Reliability reliability() {
        Counts counts = tally.read(Measures.CALIBRATION);
        long[] n = new long[Reliability.BINS];
        long[] correct = new long[Reliability.BINS];
        double[] sums = new double[Reliability.BINS];
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            n[bin] = counts.get(4 * bin);
            correct[bin] = counts.get(4 * bin + 1);
            sums[bin] = counts.get(4 * bin + 2) / 1e9;
        }
        return new Reliability(n, correct, sums);
    }

    static Optional<Share> share(long hits, long misses) {
        long n = hits + misses;
        if (n <= 0) {
            return Optional.empty();
        }
        ConfidenceSequence.Interval interval = ConfidenceSequence.bernoulli(hits, n, ALPHA);
        return Optional.of(new Share(hits, n, interval.low(), interval.high()));
    }

    private OptionalDouble quantile(String measure, double quantile) {
        Counts counts = tally.read(measure);
        int[] cells = counts.buckets();
        long[] amounts = new long[cells.length];
        for (int i = 0; i < cells.length; i++) {
            amounts[i] = counts.get(cells[i]);
        }
        OptionalDouble value = Quantiles.of(new Cells(cells, amounts), quantile);
        return value.isPresent() && Double.isFinite(value.getAsDouble()) ? value : OptionalDouble.empty();
    }

    private static OptionalDouble ratio(long part, long whole) {
        return whole > 0 ? OptionalDouble.of((double) part / whole) : OptionalDouble.empty();
    }
}
