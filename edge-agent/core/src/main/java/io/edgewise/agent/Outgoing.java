// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.privacy.ChatRedaction;
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.privacy.Redactor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// A request as it may leave the device, and what an answer gets back. Closed by default: what cannot be
/// redacted does not leave.
record Outgoing(Request request, Map<String, String> behind) {
    static final String FORBIDDEN = "on_device_only";
    static final String NOT_REDACTED = "redaction_failed";
    static final String REDACTED_STREAM = "redacted_stream";

    static Outgoing of(Request request, PrivacyClass privacy, Redactor redactor) throws FrontierFailure {
        return switch (privacy) {
            case OPEN -> new Outgoing(request, Map.of());
            case REDACTED -> redacted(request, redactor);
            case ON_DEVICE ->
                throw new FrontierFailure(FORBIDDEN, "the request must not leave the device, so no frontier is asked");
        };
    }

    private static Outgoing redacted(Request request, Redactor redactor) throws FrontierFailure {
        try {
            Redactor.Session session = redactor.begin();
            Request redacted = request.saying(session.redact(request.text()));
            if (request.chat().isPresent()) {
                Chat chat = request.chat().get();
                redacted = redacted.with(chat.redacted(ChatRedaction.redact(chat.body(), session)));
                if (chat.isStream() && chat.wantsTools() && !session.isEmpty()) {
                    throw new FrontierFailure(
                            REDACTED_STREAM,
                            "its streamed answer would call tools with placeholders instead of what was redacted");
                }
            }
            return new Outgoing(redacted, session.behind());
        } catch (IOException | RuntimeException e) {
            throw new FrontierFailure(
                    NOT_REDACTED, "the request cannot be redacted, so it does not leave the device", e);
        }
    }

    String restore(String answer) {
        return new Redactor.Redacted("", behind).restore(answer);
    }

    String restoreJson(String answer) {
        return new String(
                ChatRedaction.restore(answer.getBytes(StandardCharsets.UTF_8), behind), StandardCharsets.UTF_8);
    }

    /// A streamed answer is with the app already, placeholders and all.
    Optional<Reply> restore(Optional<Reply> reply) {
        return reply.map(said -> said.saying(ChatRedaction.restore(said.body(), behind)));
    }
}
