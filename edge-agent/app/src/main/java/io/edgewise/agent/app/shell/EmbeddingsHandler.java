// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.EmbeddingCall;
import io.edgewise.agent.privacy.ChatRedaction;
import io.edgewise.agent.privacy.Redactor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/// `/v1/embeddings` of class `redacted`: the frontier gets the texts without what is found in them. What
/// it answers are numbers, so nothing has to be put back. Texts that come as token ids cannot be read, so
/// they stay.
final class EmbeddingsHandler {
    private final Optional<PassThrough> frontier;
    private final AppTerms terms;
    private final Redactor redactor;

    EmbeddingsHandler(Optional<PassThrough> frontier, AppTerms terms, Redactor redactor) {
        this.frontier = frontier;
        this.terms = terms;
        this.redactor = redactor;
    }

    String handle(Exchange exchange, byte[] body) throws ApiFailure {
        if (!EmbeddingCall.isOfTexts(body)) {
            terms.requireMayPass(exchange);
        }
        PassThrough asked = TextHandler.required(frontier);
        byte[] redacted;
        try {
            redacted = ChatRedaction.redact(body, redactor.begin());
        } catch (IOException e) {
            throw ApiFailure.invalid("", "The body cannot be read, so it does not leave the device.");
        }
        exchange.context().runOnContext(_ -> asked.send(exchange, Buffer.buffer(redacted)));
        return "passthrough";
    }
}
