// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Answer;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.Request;
import io.edgewise.contracts.v1.Role;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The answer of one build that was asked by its name, without the agent.
final class DirectAnswer {
    private DirectAnswer() {}

    static Answer of(EdgeModel model, Request request) {
        try {
            ModelAnswer said = model.infer(request);
            return answer(
                    said.label(),
                    said.confidence(),
                    Optional.empty(),
                    new Answer.Details(
                            model.build(), "", said.top(), said.spoken().reply(), false));
        } catch (RuntimeException e) {
            return answer(
                    "",
                    OptionalDouble.empty(),
                    Optional.of(String.valueOf(e.getMessage())),
                    new Answer.Details(model.build(), "", List.of(), Optional.empty(), false));
        }
    }

    private static Answer answer(
            String label, OptionalDouble confidence, Optional<String> failure, Answer.Details details) {
        return new Answer(label, confidence, Role.ROLE_UNSPECIFIED, "", "", 0, failure, details);
    }
}
