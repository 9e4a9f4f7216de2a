// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a window's tally says, as numbers with one meaning each; `docs/protocol.md` lists them.
///
/// A figure without enough data is absent, never 0: shares of nothing, percentiles of fewer observations than can speak
/// of them. Counts are always there. Names end in their unit: `_us`, `_ms`, `_nanos` (of a currency unit), `_share`
/// (0 to 1). "assigned" is the arm that the cohort's hash chose, "user" what the user met, fall-back included.
///
/// The order is stored: a new figure goes to the end, and a figure that is given up keeps its place.
public final class WindowFigures {
    private static final List<Integer> LATENCIES = List.of(500, 900, 950, 990, 999);
    private static final List<FigureRule> RULES = rules();
    private static final List<String> NAMES =
            RULES.stream().flatMap(rule -> rule.names().stream()).toList();

    private static final int[] PLACES = places();

    static {
        if (new HashSet<>(NAMES).size() != NAMES.size()) {
            throw new IllegalStateException("two figures have one name: " + NAMES);
        }
    }

    private WindowFigures() {}

    private static List<FigureRule> rules() {
        List<FigureRule> rules = new ArrayList<>(requests());
        rules.addAll(PairFigures.rules());
        rules.addAll(ArmFigures.rules(Role.ROLE_CHAMPION_VALUE, "champion", LATENCIES));
        rules.addAll(ArmFigures.rules(Role.ROLE_CHALLENGER_VALUE, "challenger", LATENCIES));
        rules.addAll(ArmFigures.rules(Role.ROLE_REFERENCE_VALUE, "reference", LATENCIES));
        return List.copyOf(rules);
    }

    private static int[] places() {
        int[] places = new int[RULES.size()];
        for (int i = 1; i < places.length; i++) {
            places[i] = places[i - 1] + RULES.get(i - 1).names().size();
        }
        return places;
    }

    private static List<FigureRule> requests() {
        return List.of(
                FigureRule.count("requests", Measures.REQUESTS, 0),
                ofRequests("served_champion_share", Measures.SERVED, Role.ROLE_CHAMPION_VALUE),
                ofRequests("served_challenger_share", Measures.SERVED, Role.ROLE_CHALLENGER_VALUE),
                ofRequests("served_reference_share", Measures.SERVED, Role.ROLE_REFERENCE_VALUE),
                FigureRule.one("unserved_share", WindowFigures::unserved),
                ofRequests("detour_share", Measures.DETOURS, 0),
                ofRequests("escalated_share", Measures.DETOURS, 1),
                ofRequests("offline_share", Measures.DETOURS, 2),
                FigureRule.count("assigned_attempts", Measures.ASSIGNED, 0),
                FigureRule.ratio("assigned_error_share", Measures.ASSIGNED, 1, 0),
                FigureRule.quantiles("latency_user", "_us", Measures.USER_LATENCY, LATENCIES),
                FigureRule.quantiles("first_token_user", "_us", Measures.USER_FIRST_TOKEN, LATENCIES),
                FigureRule.ratio("cost_per_request_nanos", Measures.USER_COST, 0, 1),
                FigureRule.quantiles("arrival", "_ms", Measures.ARRIVAL, List.of(500, 990)),
                FigureRule.one("entropy_mean", tally -> FigureRule.mean(tally.read(Measures.ENTROPY), LogGrid::value)),
                FigureRule.one(
                        "confidence_mean",
                        tally -> FigureRule.mean(
                                tally.read(Measures.CONFIDENCE),
                                cell -> (UnitGrid.lower(cell) + UnitGrid.upper(cell)) / 2)));
    }

    /// All names, in the order in which they are stored.
    public static List<String> names() {
        return NAMES;
    }

    /// The figures that there is data for, in the order of [#names()].
    public static SequencedMap<String, Double> of(Tally tally) {
        double[] values = values(tally);
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                figures.put(NAMES.get(i), values[i]);
            }
        }
        return figures;
    }

    /// One value per name, NaN where it is absent.
    static double[] values(Tally tally) {
        double[] values = new double[NAMES.size()];
        Arrays.fill(values, Double.NaN);
        for (int i = 0; i < RULES.size(); i++) {
            read(RULES.get(i), tally, values, PLACES[i]);
        }
        return values;
    }

    /// Buckets that no counting gives (another grid's cells, more right than there are) leave their own figures absent;
    /// they hold up neither the others nor the folding of windows.
    private static void read(FigureRule rule, Tally tally, double[] values, int at) {
        try {
            rule.read(tally, values, at);
        } catch (IllegalArgumentException | ArithmeticException e) {
            Arrays.fill(values, at, at + rule.names().size(), Double.NaN);
        }
    }

    /// [#values(Tally)] as PostgreSQL reads an array, NULL where a figure is absent.
    public static String array(Tally tally) {
        StringBuilder text = new StringBuilder(512).append('{');
        for (double value : values(tally)) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (Double.isNaN(value)) {
                text.append("NULL");
            } else {
                text.append(value);
            }
        }
        return text.append('}').toString();
    }

    private static FigureRule ofRequests(String name, String measure, int bucket) {
        return FigureRule.one(
                name, tally -> FigureRule.ratio(tally.get(measure, bucket), tally.get(Measures.REQUESTS, 0)));
    }

    private static double unserved(Tally tally) {
        long requests = tally.get(Measures.REQUESTS, 0);
        return FigureRule.ratio(requests - tally.sum(Measures.SERVED), requests);
    }
}
