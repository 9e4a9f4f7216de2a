// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What a guardrail watches. `limit` in {@link Guardrail} means: AGREEMENT the floor of the share of agreeing pairs;
/// REFUSAL challenger minus champion; ERROR above the control's failure rate; WIN_SHARE the floor on judged
/// disagreements; CALIBRATION the largest calibration error, of |mean(confidence - correct)| and in 15 bins;
/// LATENCY_P99 the allowed growth of the control's
/// p99 (0.4 = +40 %); COST nano-units per request.
public enum GuardrailKind {
    AGREEMENT("Agreement", "pairs", false, false),
    REFUSAL("Refusal difference", "pairs", false, false),
    ERROR("Error rate", "attempts", false, false),
    WIN_SHARE("Win share on disagreements", "judged disagreements", false, true),
    CALIBRATION("Calibration gap", "labelled answers", false, true),
    LATENCY_P99("Latency p99", "canary requests", true, false),
    COST("Cost per request", "priced canary requests", true, false);

    private final String title;
    private final String things;
    private final boolean live;
    private final boolean needsTruth;

    GuardrailKind(String title, String things, boolean live, boolean needsTruth) {
        this.title = title;
        this.things = things;
        this.live = live;
        this.needsTruth = needsTruth;
    }

    public String title() {
        return title;
    }

    /// What its observations are called.
    String things() {
        return things;
    }

    /// Only live cohorts can see it: its process starts at the first canary stage.
    public boolean isLive() {
        return live;
    }

    /// Says nothing until somebody tells the truth about answers.
    public boolean needsTruth() {
        return needsTruth;
    }

    /// Compares two answers to the same request, so that missing sides matter.
    boolean isPaired() {
        return this == AGREEMENT || this == REFUSAL || this == WIN_SHARE;
    }
}
