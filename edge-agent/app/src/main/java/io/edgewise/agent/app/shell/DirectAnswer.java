// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Answer;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Fence;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.Request;
import io.edgewise.contracts.v1.Role;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// The answer of one build that was asked by its name, without the agent.
final class DirectAnswer {
    private static final String LATE = ":" + FrontierFailure.TIMEOUT;

    private DirectAnswer() {}

    static Answer of(Fence fence, EdgeModel model, Request request) {
        try {
            ModelAnswer said = fence.ask(model, request, request.terms().deadline());
            return answer(
                    said.label(),
                    said.confidence(),
                    Optional.empty(),
                    new Answer.Details(
                            model.build(), "", said.top(), said.spoken().reply(), false));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(model, model.build() + LATE);
        } catch (TimeoutException | Fence.Crowded e) {
            return failed(model, model.build() + LATE);
        } catch (ExecutionException e) {
            return failed(
                    model,
                    String.valueOf(
                            e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        } catch (RuntimeException e) {
            return failed(model, String.valueOf(e.getMessage()));
        }
    }

    private static Answer failed(EdgeModel model, String why) {
        return answer(
                "",
                OptionalDouble.empty(),
                Optional.of(why),
                new Answer.Details(model.build(), "", List.of(), Optional.empty(), false));
    }

    private static Answer answer(
            String label, OptionalDouble confidence, Optional<String> failure, Answer.Details details) {
        return new Answer(label, confidence, Role.ROLE_UNSPECIFIED, "", "", 0, failure, details);
    }
}
