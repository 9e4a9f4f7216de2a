// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.fuzz;

import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.Errors;
import io.edgewise.agent.app.api.InferCall;
import java.util.List;

/// Bodies of the Open Inference Protocol.
public final class InferenceBodies {
    private InferenceBodies() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            InferCall call = InferCall.read(input);
            OpenAiBodies.require(!call.texts().isEmpty() && call.texts().size() <= 64);
            OpenAiBodies.require(call.answer("m", "1", List.of()).length > 0);
        } catch (ApiFailure e) {
            OpenAiBodies.require(e.status() >= 400 && Errors.inference(e).length > 0);
        }
    }
}
