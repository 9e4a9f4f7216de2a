// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.grid.UnitGrid;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// The figures of one fleet in shadow, by slice and by minute, from what the evaluator published: the same ones that
/// `benchmarks/python/evaluate.py` computes from the observations. Names beginning with "p" and a digit are percentiles
/// of a sketch; all others are exact.
final class Figures {
    private static final int CHAMPION = Role.ROLE_CHAMPION_VALUE;
    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;
    private static final double NANO = 1e9;
    private static final int PSI_BINS = 16;
    private static final double PSI_WARN = 0.1;
    private static final Map<String, Double> PERCENTILES = percentiles();

    private Figures() {}

    private static Map<String, Double> percentiles() {
        Map<String, Double> percentiles = new LinkedHashMap<>();
        percentiles.put("p50", 0.5);
        percentiles.put("p90", 0.9);
        percentiles.put("p95", 0.95);
        percentiles.put("p99", 0.99);
        percentiles.put("p99.9", 0.999);
        return percentiles;
    }

    static Map<String, Object> of(Database database) throws SQLException {
        Map<String, Tally> slices = new TreeMap<>();
        Map<String, Tally> windows = new TreeMap<>();
        database.read(sql -> {
            sql.list("SELECT slice, tally FROM evaluator.published_evidence", row -> {
                merge(slices, row.getString(1), row.getBytes(2));
                return true;
            });
            return sql.list("SELECT minute || ' ' || slice, tally FROM evaluator.published_window", row -> {
                merge(windows, row.getString(1), row.getBytes(2));
                return true;
            });
        });
        Map<String, Tally> shown = new TreeMap<>();
        windows.forEach((key, tally) -> shown.computeIfAbsent(key.substring(key.indexOf(' ') + 1), slice -> new Tally())
                .merge(tally));
        Map<String, Object> bySlice = new TreeMap<>();
        slices.forEach((slice, tally) -> bySlice.put(slice, figures(slice, tally, shown)));
        Map<String, Object> byWindow = new TreeMap<>();
        windows.forEach((key, tally) -> byWindow.put(key, window(tally)));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("slices", bySlice);
        figures.put("windows", byWindow);
        return figures;
    }

    private static void merge(Map<String, Tally> into, String key, byte[] tally) {
        into.computeIfAbsent(key, name -> new Tally()).merge(Tally.decode(tally));
    }

    private static Map<String, Object> figures(String slice, Tally evidence, Map<String, Tally> shown) {
        Map<String, Object> figures = new TreeMap<>();
        figures.put("requests", evidence.get(Measures.REQUESTS, 0));
        figures.put("challenger.errors", share(evidence, Measures.ATTEMPTS, CHALLENGER));
        figures.put("challenger.refusals", share(evidence, Measures.REFUSALS, CHALLENGER));
        figures.put("cost.user", ratio(evidence.get(Measures.USER_COST, 0), evidence.get(Measures.USER_COST, 1)));
        for (int role : new int[] {CHAMPION, CHALLENGER}) {
            figures.put(
                    "cost.arm." + role,
                    ratio(evidence.get(Measures.ARM_COST, 2 * role), evidence.get(Measures.ARM_COST, 2 * role + 1)));
            percentiles("latency.arm." + role, cells(evidence.read(Measures.ARM_LATENCY + role)), figures);
        }
        figures.put(
                "champion.tokensPerSecond",
                ratio(
                        evidence.get(Measures.TOKENS, 4 * CHAMPION + 1) * 1_000_000,
                        evidence.get(Measures.TOKENS, 4 * CHAMPION + 3)));
        percentiles("latency.user", cells(evidence.read(Measures.USER_LATENCY)), figures);
        agreement(evidence, figures);
        Tally window = shown.getOrDefault(slice, new Tally());
        percentiles("entropy", cells(window.read(Measures.ENTROPY)), figures);
        drift(shown.getOrDefault(Stratum.ALL, new Tally()), window, figures);
        if (slice.equals(Stratum.ALL)) {
            figures.put("devices", evidence.get(Measures.DEVICES, 0));
            blocks(evidence, figures);
        }
        return figures;
    }

    private static Map<String, Object> window(Tally tally) {
        Map<String, Object> figures = new TreeMap<>();
        figures.put("requests", tally.get(Measures.REQUESTS, 0));
        figures.put(
                "agreement",
                ratio(tally.get(Measures.PAIRS, 0), tally.get(Measures.PAIRS, 0) + tally.get(Measures.PAIRS, 1)));
        percentiles("latency.user", cells(tally.read(Measures.USER_LATENCY)), figures);
        return figures;
    }

    private static void agreement(Tally evidence, Map<String, Object> figures) {
        long agree = evidence.get(Measures.PAIRS, 0);
        long pairs = agree + evidence.get(Measures.PAIRS, 1);
        double observed = ratio(agree, pairs);
        figures.put("agreement", observed);
        Counts champion = evidence.read(Measures.PAIR_LABELS + CHAMPION);
        Counts challenger = evidence.read(Measures.PAIR_LABELS + CHALLENGER);
        double chance = 0;
        for (int label : champion.buckets()) {
            chance += (double) champion.get(label) * challenger.get(label);
        }
        chance /= (double) pairs * pairs;
        figures.put("kappa", (observed - chance) / (1 - chance));
        long[] n = new long[Reliability.BINS];
        long[] correct = new long[Reliability.BINS];
        double[] confidence = new double[Reliability.BINS];
        Counts bins = evidence.read(Measures.AGREEMENT_CALIBRATION);
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            n[bin] = bins.get(4 * bin);
            correct[bin] = bins.get(4 * bin + 1);
            confidence[bin] = bins.get(4 * bin + 2) / NANO;
        }
        figures.put("agreementEce", new Reliability(n, correct, confidence).ece());
    }

    /// Confidence of the slice against all, on 16 equal bins.
    private static void drift(Tally all, Tally slice, Map<String, Object> figures) {
        Psi psi = Psi.of(bins(all.read(Measures.CONFIDENCE)), bins(slice.read(Measures.CONFIDENCE)));
        figures.put("confidence.psi", psi.value());
        figures.put("confidence.psi.above", psi.pAbove(PSI_WARN));
    }

    private static long[] bins(Counts confidence) {
        long[] bins = new long[PSI_BINS];
        for (int cell : confidence.buckets()) {
            bins[cell / (UnitGrid.CELLS / PSI_BINS)] += confidence.get(cell);
        }
        return bins;
    }

    private static void blocks(Tally evidence, Map<String, Object> figures) {
        Counts blocks = evidence.read(Measures.BLOCKS_DISAGREE);
        long closed = 0;
        long disagreements = 0;
        for (int bucket : blocks.buckets()) {
            if (Measures.blockSize(bucket) == Measures.BLOCK_SIZE) {
                closed += blocks.get(bucket);
                disagreements += blocks.get(bucket) * Measures.blockSum(bucket);
            }
        }
        figures.put("blocks", closed);
        figures.put("blocks.disagreements", disagreements);
    }

    private static void percentiles(String name, Cells cells, Map<String, Object> figures) {
        PERCENTILES.forEach((percentile, q) ->
                Quantiles.of(cells, q).ifPresent(value -> figures.put(percentile + ' ' + name, value)));
    }

    private static Cells cells(Counts counts) {
        int[] buckets = Arrays.stream(counts.buckets())
                .filter(bucket -> !LogGrid.isApart(bucket))
                .toArray();
        return new Cells(buckets, Arrays.stream(buckets).mapToLong(counts::get).toArray());
    }

    private static double share(Tally tally, String measure, int role) {
        return ratio(tally.get(measure, 2 * role + 1), tally.get(measure, 2 * role));
    }

    private static double ratio(long of, long to) {
        return (double) of / to;
    }
}
