// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

/// A request that cannot be granted: what is wrong, where, and what to do.
public final class JudgeProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    private JudgeProblem(int status, String title, String detail) {
        super(detail);
        this.status = status;
        this.title = title;
    }

    static JudgeProblem invalid(String what, String detail) {
        return new JudgeProblem(400, what + " is not valid", detail);
    }

    static JudgeProblem missing(String what, String detail) {
        return new JudgeProblem(404, what + " is not there", detail);
    }

    static JudgeProblem conflict(String what, String detail) {
        return new JudgeProblem(409, what + " is there already", detail);
    }

    static JudgeProblem unavailable(String detail) {
        return new JudgeProblem(503, "the database cannot be reached", detail);
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
