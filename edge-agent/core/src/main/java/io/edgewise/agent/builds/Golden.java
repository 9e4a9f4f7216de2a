// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import java.util.ArrayList;
import java.util.List;

/// Asks a model the questions whose answers its manifest knows, on this device.
final class Golden {
    private static final double DEFAULT_TOLERANCE = 0.02;
    private static final int MOST_NAMED = 3;

    private Golden() {}

    static void check(BuildManifest manifest, EdgeModel model) throws BuildRefusal {
        double tolerance = manifest.getTolerance() == 0 ? DEFAULT_TOLERANCE : manifest.getTolerance();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < manifest.getGoldenCount(); i++) {
            GoldenCase golden = manifest.getGolden(i);
            String fault = fault(golden, model, tolerance);
            if (!fault.isEmpty()) {
                wrong.add("case " + i + " " + fault);
            }
        }
        if (!wrong.isEmpty()) {
            throw new BuildRefusal(
                    "golden",
                    "build " + manifest.getBuild() + " does not answer on this device as where it was made, in "
                            + wrong.size() + " of " + manifest.getGoldenCount() + " cases: "
                            + String.join("; ", wrong.subList(0, Math.min(MOST_NAMED, wrong.size()))));
        }
    }

    private static String fault(GoldenCase golden, EdgeModel model, double tolerance) {
        ModelAnswer answer;
        try {
            answer = model.infer(golden.getText());
        } catch (RuntimeException e) {
            return "failed: " + e.getMessage();
        }
        if (!answer.label().equals(golden.getLabel())) {
            return "gave " + answer.label() + " for " + golden.getLabel();
        }
        double off = Math.abs(confidence(answer) - golden.getConfidence());
        return off <= tolerance ? "" : "is off by " + off + " in its confidence";
    }

    private static double confidence(ModelAnswer answer) {
        return answer.confidence().orElse(Double.NaN);
    }
}
