// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What a guardrail watches. `limit` in {@link Guardrail} means: AGREEMENT the floor of the share of agreeing
/// pairs; REFUSAL challenger minus champion; ERROR above the control's failure rate; WIN_SHARE the floor on
/// judged disagreements; CALIBRATION the largest calibration error, of |mean(confidence - correct)| and in 15
/// bins; LATENCY_P99 the allowed growth of the control's p99 (0.4 = +40 %); COST nano-units per request;
/// COMPLETION the floor of the share of pairs with both sides and a verdict at the first attempt; FEEDBACK
/// thumbs down above the control's share; OUTPUT_LENGTH the allowed growth or shrinking of the champion's
/// median length (1 = half to double); LATENCY_P95 and FIRST_TOKEN microseconds that at most 5 % may exceed;
/// CRASHES, BREAKERS and SILENCE the share of devices; BIAS_GAP the largest difference that two groups of a
/// sensitive slice may have in agreement, accuracy, refusals or escalations; SLICE_AGREEMENT, SLICE_REFUSAL
/// and SLICE_ERROR what every slice must keep, the last as a failure rate; SLICE_LATENCY and
/// SLICE_FIRST_TOKEN the microseconds that at most 5 % may exceed in a slice without a budget of its own;
/// TRAFFIC_SPLIT by how much of itself the canary's share of the requests may miss its stage's; HOLDOUT the
/// floor of the accuracy on the reference holdout; ENERGY microjoules per request.
public enum GuardrailKind {
    AGREEMENT("Agreement", "pairs", false, false),
    REFUSAL("Refusal difference", "pairs", false, false),
    ERROR("Error rate", "attempts", false, false),
    WIN_SHARE("Win share on disagreements", "judged disagreements", false, true),
    CALIBRATION("Calibration gap", "labelled answers", false, true),
    LATENCY_P99("Latency p99", "canary requests", true, false),
    COST("Cost per request", "priced canary requests", true, false),
    COMPLETION("Incomplete pairs", "pairs", false, false),
    FEEDBACK("Thumbs down", "thumbs", true, false),
    OUTPUT_LENGTH("Output length", "outputs", false, false),
    LATENCY_P95("Latency beyond its budget", "canary requests", true, false),
    FIRST_TOKEN("First token beyond its budget", "canary requests", true, false),
    CRASHES("Devices whose challenger crashed", "devices", false, false),
    BREAKERS("Devices whose breaker opened", "devices", false, false),
    SILENCE("Devices that fell silent", "devices", false, false),
    BIAS_GAP("Bias gap", "pairs", false, false),
    SLICE_AGREEMENT("Agreement in each slice", "pairs", false, false),
    SLICE_REFUSAL("Refusal difference in each slice", "pairs", false, false),
    SLICE_ERROR("Error rate in each slice", "attempts", false, false),
    SLICE_LATENCY("Latency beyond its budget in each slice", "canary requests", true, false),
    SLICE_FIRST_TOKEN("First token beyond its budget in each slice", "canary requests", true, false),
    TRAFFIC_SPLIT("Traffic split", "requests", true, false),
    HOLDOUT("Holdout accuracy", "answers", false, false),
    ENERGY("Energy per request", "canary requests with an estimate", true, false);

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
        return this == AGREEMENT
                || this == REFUSAL
                || this == WIN_SHARE
                || this == SLICE_AGREEMENT
                || this == SLICE_REFUSAL;
    }

    /// A share of requests, answers, pairs or devices that may be bad.
    boolean isShare() {
        return switch (this) {
            case COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN, CRASHES, BREAKERS, SILENCE -> true;
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> false;
        };
    }

    /// A mean over requests that has no bound of its own: one bet on each evidence block's mean, which is capped.
    boolean isOfBlocks() {
        return this == COST || this == ENERGY;
    }

    /// Judged by all that was counted, without a process of its own.
    boolean isOfTotals() {
        return isOfDevices() || this == BIAS_GAP || isOfSlices() || this == TRAFFIC_SPLIT || this == HOLDOUT;
    }

    /// Asked of every slice of the attributes that it names.
    boolean isOfSlices() {
        return this == SLICE_AGREEMENT || this == SLICE_REFUSAL || this == SLICE_ERROR || isBudgetOfSlices();
    }

    /// An absolute budget of time, which a slice may have of its own.
    boolean isBudgetOfSlices() {
        return this == SLICE_LATENCY || this == SLICE_FIRST_TOKEN;
    }

    /// Counts each device once.
    boolean isOfDevices() {
        return this == CRASHES || this == BREAKERS || this == SILENCE;
    }

    /// In every plan that does not say otherwise.
    boolean isUsual() {
        return !isShare() && !isOfTotals() && this != ENERGY;
    }
}
