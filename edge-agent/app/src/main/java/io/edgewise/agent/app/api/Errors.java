// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/// Errors in the shapes that clients expect.
public final class Errors {
    private Errors() {}

    /// OpenAI's: `{"error": {"message", "type", "param", "code"}}`.
    public static byte[] openAi(ApiFailure failure) {
        ObjectNode answer = StrictJson.JSON.createObjectNode();
        ObjectNode error = answer.putObject("error");
        error.put("message", failure.said()).put("type", failure.type());
        put(error, "param", failure.param());
        put(error, "code", failure.code());
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ObjectNode error, String name, String value) {
        if (value.isEmpty()) {
            error.putNull(name);
        } else {
            error.put(name, value);
        }
    }

    /// The Open Inference Protocol's: `{"error": "…"}`.
    public static byte[] inference(ApiFailure failure) {
        return StrictJson.JSON
                .createObjectNode()
                .put("error", failure.said())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
