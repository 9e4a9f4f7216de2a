// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/// Everything wrong with a plan; each sentence begins with the path of what it speaks of.
final class PlanFaults {
    private static final double SUM_TOLERANCE = 1e-9;
    private static final long LONGEST_SECONDS = 400L * 24 * 3600;

    private static final int MOST_LOOKS = 10;
    private static final long MOST_LABELS = 1_000_000_000;

    private final List<String> faults = new ArrayList<>();
    private final Map<String, Guardrail> known = new HashMap<>();

    private PlanFaults() {}

    static List<String> of(
            String name,
            List<Stage> stages,
            List<Guardrail> guardrails,
            Terms terms,
            SortedMap<String, String> waivers,
            Set<TruthSource> truth,
            Conduct conduct) {
        PlanFaults found = new PlanFaults();
        found.check(!name.isBlank() && name.length() <= 128, "name", "must be 1 to 128 characters");
        found.readable(name, "name");
        found.guardrails(guardrails);
        found.waivers(waivers);
        found.truth(guardrails, waivers, truth);
        found.stages(stages, waivers, conduct.hybrid());
        found.faults.addAll(ConductFaults.of(conduct, stages));
        found.faults.addAll(HybridFaults.of(stages, guardrails, waivers, conduct.hybrid()));
        found.terms(terms, stages);
        found.reach(stages, terms, waivers);
        return found.faults;
    }

    private void check(boolean holds, String path, String expected) {
        if (!holds) {
            faults.add(path + " " + expected);
        }
    }

    private void readable(String text, String path) {
        check(
                text.chars().noneMatch(Character::isISOControl),
                path,
                "holds a control character, such as a line break or NUL; leave it out");
    }

    private void guardrails(List<Guardrail> guardrails) {
        check(!guardrails.isEmpty(), "guardrails", "must name at least one guardrail");
        double weights = 0;
        for (int i = 0; i < guardrails.size(); i++) {
            Guardrail guardrail = guardrails.get(i);
            String path = "guardrails[" + i + "]";
            check(
                    Names.isValid(guardrail.name()),
                    path + ".name",
                    "\"" + guardrail.name() + "\" is not a name: a-z 0-9 . _ -");
            check(
                    known.put(guardrail.name(), guardrail) == null,
                    path + ".name",
                    "\"" + guardrail.name() + "\" is there twice");
            check(
                    guardrail.weight() > 0 && guardrail.weight() <= 1,
                    path + ".weight",
                    "must lie in (0, 1], not " + guardrail.weight());
            check(
                    guardrail.minObservations() >= 1,
                    path + ".minObservations",
                    "must be at least 1, not " + guardrail.minObservations());
            limit(guardrail, path);
            looks(guardrail, path);
            faults.addAll(SliceFaults.of(
                    guardrail,
                    path,
                    guardrails.stream().anyMatch(each -> each.kind().isOfSlices())));
            weights += guardrail.weight();
        }
        check(
                weights <= 1 + SUM_TOLERANCE,
                "guardrails",
                "have weights that add up to " + weights + "; together they may be at most 1");
    }

    /// Whether a limit lies where its kind allows, and where that is.
    private record Range(boolean holds, String words) {}

    private void limit(Guardrail guardrail, String path) {
        double limit = guardrail.limit();
        Range range = switch (guardrail.kind()) {
            case AGREEMENT,
                    WIN_SHARE,
                    REFUSAL,
                    ERROR,
                    CALIBRATION,
                    COMPLETION,
                    FEEDBACK,
                    CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> new Range(limit > 0 && limit < 1, "must lie between 0 and 1 (5 % is 0.05)");
            case OUTPUT_LENGTH ->
                new Range(limit > 0 && limit <= 100, "must be the allowed growth, between 0 and 100 (double is 1)");
            case LATENCY_P95, FIRST_TOKEN, SLICE_LATENCY, SLICE_FIRST_TOKEN ->
                new Range(SliceFaults.isTime(limit), SliceFaults.TIME);
            case LATENCY_P99 ->
                new Range(limit > 0 && limit <= 100, "must be the allowed growth, between 0 and 100 (+40 % is 0.4)");
            case COST -> new Range(limit >= 1 && limit <= 1e15, "must be nano-units per request, at least 1");
            case ENERGY -> new Range(limit >= 1 && limit <= 1e12, "must be microjoules per request, at least 1");
        };
        check(range.holds(), path + ".limit", range.words() + ", not " + limit);
        if (guardrail.hardLimit().isEmpty()) {
            return;
        }
        double hard = guardrail.hardLimit().getAsDouble();
        boolean beyond = switch (guardrail.kind()) {
            case AGREEMENT, WIN_SHARE -> hard > 0 && hard < limit;
            case REFUSAL, ERROR, CALIBRATION -> hard > limit && hard < 1;
            case LATENCY_P99,
                    COST,
                    ENERGY,
                    COMPLETION,
                    FEEDBACK,
                    OUTPUT_LENGTH,
                    LATENCY_P95,
                    FIRST_TOKEN,
                    CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> false;
        };
        check(
                beyond,
                path + ".hardLimit",
                guardrail.kind().isLive()
                                || guardrail.kind().isShare()
                                || guardrail.kind().isOfTotals()
                        ? "is not for " + guardrail.kind() + ", whose limit is hard already; leave it out"
                        : "must lie beyond the limit " + limit + ", not " + hard);
    }

    private void looks(Guardrail guardrail, String path) {
        List<Long> looks = guardrail.looks();
        if (guardrail.kind() != GuardrailKind.CALIBRATION) {
            check(
                    looks.isEmpty(),
                    path + ".looks",
                    "are for CALIBRATION, which becomes SAFE by planned looks; leave them out");
            return;
        }
        boolean ascending = true;
        for (int i = 0; i < looks.size(); i++) {
            ascending &= looks.get(i) > (i == 0 ? 0 : looks.get(i - 1)) && looks.get(i) <= MOST_LABELS;
        }
        check(
                ascending && looks.size() <= MOST_LOOKS,
                path + ".looks",
                "must be at most " + MOST_LOOKS + " numbers of labels, each larger than the one before and at most "
                        + MOST_LABELS + " ([1000] is one look), not " + looks);
    }

    private void waivers(SortedMap<String, String> waivers) {
        waivers.forEach((guardrail, reason) -> {
            check(known.containsKey(guardrail), "waivers." + guardrail, "names no guardrail of this plan");
            check(!reason.isBlank(), "waivers." + guardrail, "needs a reason; every decision repeats it");
            readable(reason, "waivers." + guardrail);
        });
    }

    private void truth(List<Guardrail> guardrails, SortedMap<String, String> waivers, Set<TruthSource> truth) {
        for (int i = 0; i < guardrails.size(); i++) {
            Guardrail guardrail = guardrails.get(i);
            check(
                    !guardrail.kind().needsTruth() || !truth.isEmpty() || waivers.containsKey(guardrail.name()),
                    "guardrails[" + i + "]",
                    "\"" + guardrail.name() + "\" needs a source of truth: name one in truth (FEEDBACK, PEOPLE, JUDGE)"
                            + " or waive it with a reason in waivers");
        }
    }

    private void stages(List<Stage> stages, SortedMap<String, String> waivers, boolean hybrid) {
        check(stages.size() >= 2, "stages", "must hold shadow and at least one canary stage");
        if (stages.isEmpty()) {
            return;
        }
        check(stages.getFirst().shareBp() == 0, "stages[0].shareBp", "must be 0: the first stage is shadow");
        check(
                stages.getLast().shareBp() == 10_000
                        || hybrid && stages.getLast().shareBp() < 10_000,
                "stages[" + (stages.size() - 1) + "].shareBp",
                "must be 10000: the last stage has all the traffic. A plan that is to end with less says hybrid: true");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            String path = "stages[" + i + "]";
            check(!stage.name().isBlank() && names.add(stage.name()), path + ".name", "must be there and be unique");
            readable(stage.name(), path + ".name");
            if (i > 0) {
                check(
                        stage.shareBp() > stages.get(i - 1).shareBp()
                                || stage.shareBp() == stages.get(i - 1).shareBp()
                                        && HybridFaults.trustsMore(stage, stages.get(i - 1)),
                        path + ".shareBp",
                        "must be above the share of the stage before, "
                                + stages.get(i - 1).shareBp() + ", not " + stage.shareBp());
            }
            stage(stage, path, i);
            gates(stage, path, i, waivers);
        }
    }

    private void stage(Stage stage, String path, int number) {
        check(stage.minSeconds() >= 0, path + ".minSeconds", "must not be negative");
        check(
                stage.maxSeconds() > stage.minSeconds() && stage.maxSeconds() <= LONGEST_SECONDS,
                path + ".maxSeconds",
                "must be above minSeconds, " + stage.minSeconds() + ", and at most " + LONGEST_SECONDS + ", not "
                        + stage.maxSeconds());
        check(stage.minObservations() >= 1, path + ".minObservations", "must be at least 1");
        check(stage.minDevices() >= 1, path + ".minDevices", "must be at least 1");
        check(stage.minPairs() >= 0, path + ".minPairs", "must not be negative");
        check(
                stage.approvals() >= 0 && stage.approvals() <= 5,
                path + ".approvals",
                "must lie between 0 and 5 people (2 is four eyes), not " + stage.approvals());
        check(isShare(stage.pairingCanaryBp()), path + ".pairingCanaryBp", "must lie in 0..10000");
        check(isShare(stage.pairingControlBp()), path + ".pairingControlBp", "must lie in 0..10000");
        check(
                number > 0 || stage.pairingControlBp() > 0,
                path + ".pairingControlBp",
                "must be above 0: shadow lives of pairs");
    }

    private static boolean isShare(int basisPoints) {
        return basisPoints >= 0 && basisPoints <= 10_000;
    }

    private void gates(Stage stage, String path, int number, SortedMap<String, String> waivers) {
        stage.gates().keySet().forEach(name -> {
            Guardrail guardrail = known.get(name);
            check(guardrail != null, path + ".gates." + name, "names no guardrail of this plan");
            check(
                    guardrail == null || number > 0 || !guardrail.kind().isLive(),
                    path + ".gates." + name,
                    "cannot be asked in shadow: only live cohorts show it");
            check(
                    guardrail == null
                            || guardrail.kind() != GuardrailKind.CALIBRATION
                            || stage.gates().get(name) != Gate.SAFE
                            || !guardrail.looks().isEmpty(),
                    path + ".gates." + name,
                    "asks for SAFE, which only a planned look can show: name one in the guardrail's looks ([1000])");
        });
        known.forEach((name, guardrail) -> check(
                stage.gates().containsKey(name)
                        || waivers.containsKey(name)
                        || (number == 0 && guardrail.kind().isLive()),
                path + ".gates",
                "lacks \"" + name + "\": ask SAFE or NOT_BREACH, or waive it with a reason"));
    }

    private void terms(Terms terms, List<Stage> stages) {
        check(isBudget(terms.alphaRollback()), "alphaRollback", "must lie in (0, 0.5), not " + terms.alphaRollback());
        check(
                isBudget(terms.alphaPromotion()),
                "alphaPromotion",
                "must lie in (0, 0.5), not " + terms.alphaPromotion());
        check(
                terms.freshnessSeconds() >= 1 && terms.freshnessSeconds() <= 86_400,
                "freshnessSeconds",
                "must lie in 1..86400, not " + terms.freshnessSeconds());
        check(
                terms.returnSpreadSeconds() >= 0 && terms.returnSpreadSeconds() <= 3_600,
                "returnSpreadSeconds",
                "must lie in 0..3600, not " + terms.returnSpreadSeconds());
        check(
                terms.leaseMinutes() >= 1 && terms.leaseMinutes() <= 1_440,
                "leaseMinutes",
                "must lie in 1..1440, not " + terms.leaseMinutes());
        long longest = stages.stream().mapToLong(Stage::maxSeconds).sum();
        check(
                terms.horizonSeconds() >= longest && terms.horizonSeconds() <= LONGEST_SECONDS * 2,
                "horizonSeconds",
                "must be at least the stages' maxSeconds together, " + longest + ", not " + terms.horizonSeconds());
    }

    /// What the fleet is too small for would only wait.
    private void reach(List<Stage> stages, Terms terms, SortedMap<String, String> waivers) {
        check(
                terms.devices().isEmpty() || terms.devices().getAsLong() >= 1,
                "devices",
                "must be at least 1; leave it out where the size of the fleet is not known");
        if (!faults.isEmpty() || terms.devices().isEmpty()) {
            return;
        }
        long devices = terms.devices().getAsLong();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            String path = "stages[" + i + "]";
            check(
                    stage.minDevices() <= devices,
                    path + ".minDevices",
                    "asks for " + stage.minDevices() + " devices of a fleet of " + devices);
            stage.gates().forEach((name, gate) -> {
                Guardrail guardrail = known.get(name);
                if (gate == Gate.SAFE && guardrail != null && !waivers.containsKey(name)) {
                    long least = guardrail.safeForFleet()
                            ? Reach.leastDevices(guardrail, terms.alphaPromotion())
                                    .orElse(0)
                            : Judge.SAFE_DEVICES;
                    check(
                            least <= devices,
                            path + ".gates." + name,
                            "asks for SAFE, which takes at least " + least + " devices even if none of them shows a"
                                    + " fault; the fleet has " + devices + ". Ask NOT_BREACH or set another limit");
                }
            });
        }
    }

    private static boolean isBudget(double alpha) {
        return alpha > 0 && alpha < 0.5;
    }
}
