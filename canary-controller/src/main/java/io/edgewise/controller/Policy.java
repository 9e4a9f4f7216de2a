// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.ArrayList;
import java.util.List;

/// What a workload's owner allows: whether requests may reach a frontier at all, and whether inputs may leave the
/// device.
public record Policy(boolean frontierAllowed, boolean inputsStay) {
    public static final Policy OPEN = new Policy(true, false);

    private static final String INSTEAD = "; compare the champion build with the challenger build on the device"
            + " (champion: {\"build\": …}), and use truth: a reference holdout, a golden set, feedback";

    /// What of a plan cannot be measured here.
    public List<String> faults(Plan plan, Model champion) {
        List<String> faults = new ArrayList<>();
        boolean frontier = champion instanceof Model.Frontier;
        if (!frontierAllowed && frontier) {
            faults.add(
                    "champion \"" + champion.name() + "\" is a frontier, which this workload may not reach" + INSTEAD);
        }
        for (int i = 0; i < plan.stages().size(); i++) {
            if (!frontier && plan.stage(i).hybrid().isPresent()) {
                faults.add("stages[" + i + "].hybrid leaves doubted answers to a frontier, and the champion \""
                        + champion.name() + "\" is a build: leave it out");
            }
        }
        for (int i = 0; i < plan.guardrails().size(); i++) {
            Guardrail guardrail = plan.guardrails().get(i);
            String path = "guardrails[" + i + "] \"" + guardrail.name() + "\"";
            if (plan.isWaived(guardrail.name())) {
                continue;
            }
            if (!frontierAllowed && frontier && guardrail.kind().isPaired()) {
                faults.add(path + " needs the frontier's answer, which this workload may not ask for" + INSTEAD);
            }
            boolean onDevice =
                    plan.truth().contains(TruthSource.FEEDBACK) || plan.truth().contains(TruthSource.DEVICE_JUDGE);
            if (inputsStay && guardrail.kind().needsTruth() && !onDevice) {
                faults.add(path + " needs somebody who sees the texts, and inputs stay on the device here: add FEEDBACK"
                        + " or DEVICE_JUDGE to truth, or waive it with a reason");
            }
        }
        return List.copyOf(faults);
    }
}
