// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

/// A request that cannot be granted: what is wrong, where, and what to do.
public final class DriftProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    private DriftProblem(int status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    static DriftProblem invalid(String what, String detail) {
        return new DriftProblem(400, what + " is not valid", detail);
    }

    static DriftProblem missing(String what, String detail) {
        return new DriftProblem(404, what + " is not there", detail);
    }

    static DriftProblem unavailable(String detail) {
        return new DriftProblem(503, "the database cannot be reached", detail);
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
