// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.ValueGrid;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Figures of one arm, whatever the user was served.
final class ArmFigures {
    private static final double THOUSAND = 1000;
    private static final double MICRO = 1e6;

    /// As for all percentiles: fewer speak of none.
    private static final long FEWEST = 20;

    private static final double ROUNDING = 1e-9;

    private ArmFigures() {}

    static List<FigureRule> rules(int role, String arm, List<Integer> perMille) {
        return List.of(
                FigureRule.count("attempts_" + arm, Measures.ATTEMPTS, 2 * role),
                FigureRule.count("failed_" + arm, Measures.ATTEMPTS, 2 * role + 1),
                FigureRule.ratio("error_" + arm + "_share", Measures.ATTEMPTS, 2 * role + 1, 2 * role),
                FigureRule.ratio("refusal_" + arm + "_share", Measures.REFUSALS, 2 * role + 1, 2 * role),
                FigureRule.count("truths_" + arm, Measures.TRUTH, 2 * role),
                FigureRule.ratio("accuracy_" + arm + "_share", Measures.TRUTH, 2 * role + 1, 2 * role),
                FigureRule.quantiles("latency_" + arm, "_us", Measures.ARM_LATENCY + role, perMille),
                FigureRule.quantiles("first_token_" + arm, "_us", Measures.ARM_FIRST_TOKEN + role, perMille),
                FigureRule.ratio("cost_per_answer_" + arm + "_nanos", Measures.ARM_COST, 2 * role, 2 * role + 1),
                FigureRule.one("cost_per_1000_tokens_" + arm + "_nanos", tally -> costPerThousand(tally, role)),
                FigureRule.one("tokens_per_second_" + arm, tally -> tokensPerSecond(tally, role)),
                FigureRule.one("output_length_" + arm + "_p50", tally -> outputLength(tally, role, 0.5)),
                FigureRule.one("output_length_" + arm + "_p95", tally -> outputLength(tally, role, 0.95)));
    }

    /// Mean cost of a priced answer over mean tokens, in and out, of an answer that states them: the plain ratio where
    /// all answers do both, and not off where some do only one.
    private static double costPerThousand(Tally tally, int role) {
        double cost =
                FigureRule.ratio(tally.get(Measures.ARM_COST, 2 * role), tally.get(Measures.ARM_COST, 2 * role + 1));
        double tokens = FigureRule.ratio(
                tally.get(Measures.TOKENS, 4 * role) + tally.get(Measures.TOKENS, 4 * role + 1),
                tally.get(Measures.TOKENS, 4 * role + 2));
        return THOUSAND * FigureRule.ratio(cost, tokens);
    }

    /// Tokens out over the latency of the answers that state them.
    private static double tokensPerSecond(Tally tally, int role) {
        return FigureRule.ratio(
                (double) tally.get(Measures.TOKENS, 4 * role + 1), tally.get(Measures.TOKENS, 4 * role + 3) / MICRO);
    }

    /// The value of nearest rank on [ValueGrid], whose cells do not stand in the order of their values; exact up to
    /// 1,024. Absent under the same rule as percentiles of latency.
    private static double outputLength(Tally tally, int role, double quantile) {
        Counts counts = tally.read(Measures.OUTPUT_LENGTH + role);
        List<Integer> cells = IntStream.of(counts.buckets())
                .boxed()
                .filter(cell -> Double.isFinite(ValueGrid.value(cell)))
                .sorted(Comparator.comparingDouble(ValueGrid::value))
                .toList();
        long n = cells.stream().mapToLong(counts::get).sum();
        if (n < FEWEST || n * (1 - quantile) < 1 - ROUNDING) {
            return Double.NaN;
        }
        double rank = Math.ceil(quantile * n - ROUNDING);
        long seen = 0;
        for (int cell : cells) {
            seen += counts.get(cell);
            if (seen >= rank) {
                return ValueGrid.value(cell);
            }
        }
        return Double.NaN;
    }
}
