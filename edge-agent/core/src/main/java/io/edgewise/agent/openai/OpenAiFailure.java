// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import io.edgewise.agent.Reply;
import java.util.Optional;

/// An exchange gave no completion. The codes are those of a frontier's failure.
public final class OpenAiFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final transient Optional<Reply> reply;

    OpenAiFailure(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reply = Optional.empty();
    }

    OpenAiFailure(String code, String message, Optional<Reply> reply) {
        super(message);
        this.code = code;
        this.reply = reply;
    }

    public String code() {
        return code;
    }

    /// The server's own error, where it gave one, or its answer with nothing in it.
    public Optional<Reply> reply() {
        return reply;
    }
}
