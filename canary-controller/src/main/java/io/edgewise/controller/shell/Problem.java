// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

/// A request that cannot be granted: what is wrong, where, and what to do.
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    private Problem(int status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    static Problem invalid(String what, String detail) {
        return new Problem(400, what + " is not valid", detail);
    }

    static Problem missing(String what, String detail) {
        return new Problem(404, what + " is not there", detail);
    }

    static Problem conflict(String title, String detail) {
        return new Problem(409, title, detail);
    }

    static Problem forbidden(String detail) {
        return new Problem(403, "not allowed", detail);
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "the database cannot be reached", detail);
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
