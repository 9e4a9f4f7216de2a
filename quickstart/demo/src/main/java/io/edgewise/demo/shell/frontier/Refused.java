// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell.frontier;

import org.jspecify.annotations.Nullable;

/// Why a request got no answer, in the words of OpenAI's error objects.
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;

    private Refused(int status, String message, String type, @Nullable String param, @Nullable String code) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    static Refused invalid(@Nullable String param, String message) {
        return new Refused(400, message, "invalid_request_error", param, null);
    }

    static Refused noModel(String name, String known) {
        return new Refused(
                404,
                "The model `" + name + "` does not exist; this server has `" + known + "`.",
                "invalid_request_error",
                "model",
                "model_not_found");
    }

    static Refused noKey() {
        return new Refused(
                401,
                "Incorrect API key provided. Send this server's key as \"Authorization: Bearer <key>\".",
                "invalid_request_error",
                null,
                "invalid_api_key");
    }

    static Refused unknownPath(String method, String path) {
        return new Refused(
                404, "Invalid URL (" + method + " " + path + ")", "invalid_request_error", null, "unknown_url");
    }

    static Refused wrongMethod(String method, String path, String expected) {
        return new Refused(
                405,
                "Not allowed to " + method + " on " + path + "; use " + expected + ".",
                "invalid_request_error",
                null,
                "method_not_supported");
    }

    static Refused tooLarge(int most) {
        return new Refused(
                413, "The request is larger than " + most + " bytes.", "invalid_request_error", null, "too_large");
    }

    static Refused failed() {
        return new Refused(500, "The server had an error while processing the request.", "server_error", null, null);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    @Nullable
    String param() {
        return param;
    }

    @Nullable
    String code() {
        return code;
    }
}
