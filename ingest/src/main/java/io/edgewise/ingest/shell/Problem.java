// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.gson.JsonObject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/// Why a request was refused, as `application/problem+json`.
final class Problem extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;
    private final int retryAfterSeconds;

    private Problem(int status, String title, String detail, int retryAfterSeconds) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static Problem malformed(String detail) {
        return new Problem(400, "malformed", detail, 0);
    }

    static Problem unauthenticated() {
        return new Problem(
                401,
                "unauthenticated",
                "there is no device's token, or it is not valid here; send \"Authorization: Bearer TOKEN\" with what"
                        + " `edgewise enrol` gave for this device",
                0);
    }

    static Problem revoked() {
        return new Problem(401, "revoked", "this device's token was revoked; enrol the device under another name", 0);
    }

    static Problem tooSlow(String detail) {
        return new Problem(408, "too-slow", detail, 0);
    }

    static Problem tooLarge(String detail) {
        return new Problem(413, "too-large", detail, 0);
    }

    static Problem unsupported(String detail) {
        return new Problem(415, "unsupported", detail, 0);
    }

    static Problem busy(String detail) {
        return new Problem(429, "busy", detail, 1);
    }

    static Problem tooFast(String detail, int retryAfterSeconds) {
        return new Problem(429, "too-fast", detail, retryAfterSeconds);
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "unavailable", detail, 2);
    }

    int status() {
        return status;
    }

    Response toResponse() {
        JsonObject body = new JsonObject();
        body.addProperty("title", title);
        body.addProperty("status", status);
        body.addProperty("detail", getMessage());
        Response.ResponseBuilder response =
                Response.status(status).type("application/problem+json").entity(body.toString());
        if (status == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (retryAfterSeconds > 0) {
            response.header(HttpHeaders.RETRY_AFTER, retryAfterSeconds);
        }
        return response.build();
    }
}
