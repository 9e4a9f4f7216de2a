// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;

/// The frontier gave no answer. The code is stable: "timeout", "unreachable", "io", "rate_limited", "http_4xx",
/// "http_5xx", "malformed".
public final class FrontierFailure extends Exception {
    public static final String TIMEOUT = "timeout";
    public static final String UNREACHABLE = "unreachable";
    public static final String IO = "io";
    public static final String MALFORMED = "malformed";

    private static final long serialVersionUID = 1;

    private final String code;
    private final transient Optional<Reply> reply;

    public FrontierFailure(String code, String message) {
        super(message);
        this.code = code;
        this.reply = Optional.empty();
    }

    /// The frontier did answer, but with an error: the app gets it when no other arm has an answer.
    public FrontierFailure(String code, String message, Reply reply) {
        super(message);
        this.code = code;
        this.reply = Optional.of(reply);
    }

    public FrontierFailure(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reply = Optional.empty();
    }

    public String code() {
        return code;
    }

    public Optional<Reply> reply() {
        return reply;
    }
}
