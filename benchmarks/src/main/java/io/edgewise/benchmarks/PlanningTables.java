// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.statistics.multiple.AlphaShares;
import io.edgewise.statistics.planning.Delay;
import io.edgewise.statistics.planning.DelayTables;
import io.edgewise.statistics.planning.DelayTables.Estimand;
import io.edgewise.statistics.planning.DelayTables.Question;
import io.edgewise.statistics.planning.DelayTables.Row;
import io.edgewise.statistics.planning.Horizon;
import io.edgewise.statistics.sequential.DeviceBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Writes `benchmarks/results/planning-delays.json`: how long each guardrail takes to a verdict, by plan class. A
/// function of seed and runs: the same file on every machine.
public final class PlanningTables {
    private static final Path FILE = Path.of("benchmarks", "results", "planning-delays.json");
    private static final long SEED = 20_261_121;
    private static final int RUNS = 4_000;

    private PlanningTables() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 0 && args.length != 2) {
            System.err.println("usage: benchmarks/run planning [seed runs]");
            System.exit(2);
        }
        long seed = args.length == 0 ? SEED : Long.parseLong(args[0]);
        int runs = args.length == 0 ? RUNS : Integer.parseInt(args[1]);
        List<Row> rows = DelayTables.compute(seed, runs);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", "planning-delays");
        json.put("command", "benchmarks/run planning " + seed + " " + runs);
        json.put("seed", seed);
        json.put("runs", runs);
        json.put("assumptions", assumptions());
        json.put("rows", rows.stream().map(PlanningTables::row).toList());
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        lines.indentArraysWith(indenter);
        lines.indentObjectsWith(indenter);
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, new ObjectMapper().writer(lines).writeValueAsString(json) + "\n");
        System.out.println(rows.size() + " rows in " + FILE);
    }

    private static Map<String, Object> assumptions() {
        Map<String, Object> assumptions = new LinkedHashMap<>();
        assumptions.put("guardrails", DelayTables.GUARDRAILS);
        assumptions.put("alphaRollback", DelayTables.ALPHA_ROLLBACK);
        assumptions.put("shareOfFirstProcess", AlphaShares.share(1));
        assumptions.put("alphaPromotion", DelayTables.ALPHA_PROMOTION);
        assumptions.put("blockSeconds", Horizon.BLOCK_SECONDS);
        assumptions.put("requestsPerBlock", DelayTables.REQUESTS_PER_BLOCK);
        assumptions.put("devicesPerBlock", DelayTables.DEVICES_PER_BLOCK);
        assumptions.put("observationsPerDevice", DeviceBlocks.SIZE);
        assumptions.put("correlationWithinDevice", DelayTables.CORRELATION);
        assumptions.put("labelsPerBlock", DelayTables.DEVICES_PER_BLOCK);
        assumptions.put("most", DelayTables.MOST);
        assumptions.put("change", "when an evidence block opens");
        return assumptions;
    }

    private static Map<String, @Nullable Object> row(Row row) {
        Question question = row.question();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("guardrail", question.guardrail().title());
        json.put("limit", question.guardrail().limit());
        json.put("shows", question.shows().name());
        json.put("counts", counted(question.estimand()));
        json.put("plan", question.horizon().map(PlanningTables::name).orElse("any"));
        json.put("truth", question.truth());
        put(json, "", row.simulated());
        put(json, "expected", row.expected());
        return json;
    }

    private static String counted(Estimand estimand) {
        return switch (estimand) {
            case REQUESTS -> "observations";
            case DEVICES -> "device blocks";
            case LABELS -> "first labels of devices";
        };
    }

    private static String name(Horizon horizon) {
        return horizon.name().toLowerCase(Locale.ROOT);
    }

    private static void put(Map<String, @Nullable Object> json, String prefix, Delay delay) {
        json.put(prefix.isEmpty() ? "median" : prefix + "Median", orNull(delay.median()));
        json.put(prefix.isEmpty() ? "p90" : prefix + "P90", orNull(delay.p90()));
    }

    private static @Nullable Long orNull(OptionalLong delay) {
        return delay.isPresent() ? delay.getAsLong() : null;
    }
}
