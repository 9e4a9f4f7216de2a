// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// How a rollout proceeds: stages, guardrails, budgets of error. Stage 0 is shadow, the last one has all the traffic.
/// A plan that exists is valid; {@link InvalidPlan} names every fault otherwise.
public record Plan(
        String name,
        List<Stage> stages,
        List<Guardrail> guardrails,
        Terms terms,
        SortedMap<String, String> waivers,
        Set<TruthSource> truth,
        Conduct conduct) {
    /// Carried out plainly.
    public Plan(
            String name,
            List<Stage> stages,
            List<Guardrail> guardrails,
            Terms terms,
            SortedMap<String, String> waivers,
            Set<TruthSource> truth) {
        this(name, stages, guardrails, terms, waivers, truth, Conduct.PLAIN);
    }

    public Plan {
        stages = List.copyOf(stages);
        guardrails = List.copyOf(guardrails);
        waivers = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(waivers)));
        truth = java.util.Collections.unmodifiableSet(new TreeSet<>(truth));
        List<String> faults = PlanFaults.of(name, stages, guardrails, terms, waivers, truth, conduct);
        if (!faults.isEmpty()) {
            throw new InvalidPlan(faults);
        }
    }

    public Stage stage(int number) {
        return stages.get(number);
    }

    public int lastStage() {
        return stages.size() - 1;
    }

    /// The share of a stage: what is held back in the last one stays with the champion.
    public int shareBp(int stage) {
        int share = stage(stage).shareBp();
        return stage == lastStage() ? share - conduct.holdbackBp() : share;
    }

    public boolean isWaived(String guardrail) {
        return waivers.containsKey(guardrail);
    }

    /// SHA-256 of everything the plan says.
    public String hash() {
        return Hashing.hex(Hashing.sha256(canonical().getBytes(StandardCharsets.UTF_8)));
    }

    private String canonical() {
        StringBuilder text = new StringBuilder("plan/1\n").append(name).append('\n');
        stages.forEach(stage -> text.append(stage.canonical()).append('\n'));
        guardrails.forEach(guardrail -> text.append(guardrail.canonical()).append('\n'));
        text.append(terms).append('\n').append(waivers).append('\n').append(truth);
        return conduct.equals(Conduct.PLAIN)
                ? text.toString()
                : text.append('\n').append(conduct.canonical()).toString();
    }
}
