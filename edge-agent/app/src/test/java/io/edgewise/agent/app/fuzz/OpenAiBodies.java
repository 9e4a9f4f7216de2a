// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.fuzz;

import io.edgewise.agent.Answer;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.Errors;
import io.edgewise.agent.app.api.FeedbackCall;
import io.edgewise.agent.app.api.LabelAnswer;
import io.edgewise.agent.app.api.TextCall;
import io.edgewise.contracts.v1.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Bodies of the OpenAI surface: the first byte chooses the call, the rest is what an app sends. Whatever comes is
/// answered or refused in words.
public final class OpenAiBodies {
    private static final ModelAnswer.Candidate SURE = new ModelAnswer.Candidate("yes", 0.75);

    private OpenAiBodies() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        try {
            switch (input[0] & 3) {
                case 0 -> answer(TextCall.chat(body));
                case 1 -> answer(TextCall.completion(body));
                default -> require(!FeedbackCall.read(body).toString().isEmpty());
            }
        } catch (ApiFailure e) {
            require(e.status() >= 400 && !e.said().isBlank() && Errors.openAi(e).length > 0);
        }
    }

    private static void answer(TextCall call) {
        Answer answer = new Answer(
                "yes",
                OptionalDouble.of(0.75),
                Role.ROLE_CHALLENGER,
                "00",
                "",
                1,
                Optional.empty(),
                new Answer.Details("edge-1", "", List.of(SURE), Optional.empty(), false));
        LabelAnswer label = new LabelAnswer(call, answer, "1", 1);
        require(label.whole().length > 0 && label.events().length > 0);
    }

    static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a promise was broken");
        }
    }
}
