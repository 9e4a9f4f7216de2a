// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// What is wrong with the hybrid terms of a plan's stages: they only ever give requests to the edge,
/// and each step of that asks for SAFE.
final class HybridFaults {
    private static final int MOST_RULES = 64;

    private final List<String> faults = new ArrayList<>();

    private HybridFaults() {}

    static List<String> of(
            List<Stage> stages, List<Guardrail> guardrails, SortedMap<String, String> waivers, boolean hybrid) {
        HybridFaults found = new HybridFaults();
        for (int i = 0; i < stages.size(); i++) {
            found.stage(stages, i, hybrid);
        }
        if (stages.stream().anyMatch(stage -> stage.hybrid().isPresent())) {
            found.gates(stages, guardrails, waivers);
        }
        return found.faults;
    }

    /// Whether a stage gives more requests to the edge than the one before with the same share.
    static boolean trustsMore(Stage stage, Stage before) {
        return before.hybrid().isPresent()
                && !stage.hybrid().equals(before.hybrid())
                && (stage.hybrid().isEmpty()
                        || before.hybrid().get().isWithin(stage.hybrid().get()));
    }

    private void check(boolean holds, String path, String expected) {
        if (!holds) {
            faults.add(path + " " + expected);
        }
    }

    private void stage(List<Stage> stages, int number, boolean hybrid) {
        Optional<HybridTerms> given = stages.get(number).hybrid();
        if (given.isEmpty()) {
            return;
        }
        HybridTerms terms = given.get();
        String path = "stages[" + number + "].hybrid";
        check(number > 0, path, "is for canary stages; shadow takes the terms of the first of them");
        check(
                terms.confidence() >= 0 && terms.confidence() <= 1,
                path + ".confidence",
                "must lie between 0 and 1, not " + terms.confidence());
        check(
                terms.entropy().isEmpty()
                        || terms.entropy().getAsDouble() >= 0
                                && isFinite(terms.entropy().getAsDouble()),
                path + ".entropy",
                "must be nats, at least 0; leave it out where it does not matter");
        check(
                terms.longestInput().isEmpty() || terms.longestInput().getAsInt() >= 1,
                path + ".longestInput",
                "must be at least 1; leave it out where any length may try the edge");
        check(
                terms.routerScore().isEmpty()
                        || terms.routerScore().getAsDouble() >= 0
                                && terms.routerScore().getAsDouble() <= 1,
                path + ".routerScore",
                "must lie between 0 and 1; leave it out where there is no router's model");
        check(
                terms.rules().size() <= MOST_RULES
                        && new HashSet<>(terms.rules()).size() == terms.rules().size()
                        && terms.rules().stream().allMatch(Names::isValid),
                path + ".rules",
                "must be at most " + MOST_RULES + " different tags (a-z 0-9 . _ -), not " + terms.rules());
        if (number > 1) {
            Optional<HybridTerms> before = stages.get(number - 1).hybrid();
            check(
                    before.isPresent() && before.get().isWithin(terms),
                    path,
                    before.isPresent()
                            ? "takes requests back from the edge that the stage before left there: confidence and"
                                    + " routerScore may only fall, entropy and longestInput rise, rules become fewer,"
                                    + " REPLACE become VERIFY"
                            : "doubts answers that the stage before did not; put terms into it too");
        }
        check(
                number < stages.size() - 1 || hybrid,
                path,
                "leaves requests to the frontier for good: such a plan says hybrid: true");
    }

    private static boolean isFinite(double value) {
        return !Double.isNaN(value) && !Double.isInfinite(value);
    }

    private void gates(List<Stage> stages, List<Guardrail> guardrails, SortedMap<String, String> waivers) {
        List<String> agreements = guardrails.stream()
                .filter(guardrail -> guardrail.kind() == GuardrailKind.AGREEMENT)
                .map(Guardrail::name)
                .toList();
        check(
                !agreements.isEmpty(),
                "guardrails",
                "must name one of kind AGREEMENT: stages that trust the edge ever more follow it");
        for (int i = 0; i < stages.size(); i++) {
            Map<String, Gate> gates = stages.get(i).gates();
            for (String agreement : agreements) {
                check(
                        gates.get(agreement) == Gate.SAFE || waivers.containsKey(agreement),
                        "stages[" + i + "].gates." + agreement,
                        "must be SAFE: where stages have hybrid terms the edge is trusted more only after agreement was"
                                + " shown");
            }
        }
    }
}
