// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

/// Why a request gets an error. `param` and `code` are empty where there is none.
public final class ApiFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String param;
    private final String code;

    private ApiFailure(int status, String type, String param, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    public static ApiFailure invalid(String param, String message) {
        return new ApiFailure(400, "invalid_request_error", param, "", message);
    }

    /// A refusal with a code of its own.
    public static ApiFailure refused(int status, String code, String message) {
        return new ApiFailure(status, status >= 500 ? "server_error" : "invalid_request_error", "", code, message);
    }

    static ApiFailure noModel(String name, String known) {
        return new ApiFailure(
                404,
                "invalid_request_error",
                "model",
                "model_not_found",
                "The model `" + name + "` does not exist; this agent has " + known + ".");
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String param() {
        return param;
    }

    public String code() {
        return code;
    }

    /// What was said, never null.
    public String said() {
        return String.valueOf(getMessage());
    }
}
