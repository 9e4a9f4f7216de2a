// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.databind.JsonNode;

/// What an app wants the embeddings of.
public final class EmbeddingCall {
    private EmbeddingCall() {}

    /// Whether it is a text or a list of texts, and not the ids of tokens.
    public static boolean isOfTexts(byte[] body) throws ApiFailure {
        JsonNode input = StrictJson.object(body).path("input");
        if (input.isMissingNode() || input.isNull()) {
            throw ApiFailure.invalid("input", "'input' must be a text or a list of texts.");
        }
        for (JsonNode element : input) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return input.isTextual() || input.isArray();
    }
}
