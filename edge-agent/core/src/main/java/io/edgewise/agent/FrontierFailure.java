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
    private final boolean ofRequest;

    public FrontierFailure(String code, String message) {
        super(message);
        this.code = code;
        this.reply = Optional.empty();
        this.ofRequest = false;
    }

    /// The frontier did answer, but with an error: the app gets it when no other arm has an answer.
    /// `ofRequest`: it is the request that is at fault, and the frontier is well.
    public FrontierFailure(String code, String message, Reply reply, boolean ofRequest) {
        super(message);
        this.code = code;
        this.reply = Optional.of(reply);
        this.ofRequest = ofRequest;
    }

    public FrontierFailure(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.reply = Optional.empty();
        this.ofRequest = false;
    }

    public String code() {
        return code;
    }

    public Optional<Reply> reply() {
        return reply;
    }

    /// Whether the request is at fault: it says nothing of the frontier, and is no better for another one.
    public boolean isOfRequest() {
        return ofRequest;
    }
}
