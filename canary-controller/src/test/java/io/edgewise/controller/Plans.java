// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Plans for tests.
public final class Plans {
    private Plans() {}

    /// 40 s of shadow, 40 s at 1 %, 60 s at 10 %, then all: 64 devices, about 300 requests/s, 15 minutes at most.
    public static Plan demo() {
        List<Guardrail> guardrails = PlanDefaults.guardrails(OptionalLong.of(5_000));
        List<Stage> stages = List.of(
                stage("shadow", 0, 0, 40, 1_000, 10_000, guardrails),
                stage("1 %", 1, 100, 40, 60, 10_000, guardrails),
                stage("10 %", 2, 1_000, 60, 500, 10_000, guardrails),
                stage("100 %", 3, 10_000, 10, 1_000, 200, guardrails));
        return new Plan(
                "demo",
                stages,
                guardrails,
                new Terms(0.01, 0.05, 60, 900, 60, 15),
                new TreeMap<>(),
                Set.of(TruthSource.FEEDBACK));
    }

    private static Stage stage(
            String name, int number, int share, long min, long observations, int pairing, List<Guardrail> guardrails) {
        SortedMap<String, Gate> gates = PlanDefaults.gates(number, guardrails);
        gates.put("refusal", Gate.NOT_BREACH);
        gates.computeIfPresent("cost", (guardrail, gate) -> Gate.NOT_BREACH);
        return new Stage(
                name,
                share,
                min,
                200,
                observations,
                number == 1 ? 20 : 30,
                pairing,
                number == 0 ? 10_000 : 0,
                gates,
                number == 0 ? OnUndecided.HOLD : OnUndecided.ROLLBACK);
    }
}
