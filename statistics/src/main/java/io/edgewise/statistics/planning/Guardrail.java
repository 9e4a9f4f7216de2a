// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;

/// The guardrails of the delay tables: what is observed, its limit, and how observations with an assumed
/// true value are distributed. `good` is the value before a regression.
public enum Guardrail {
    /// Disagreements; floor 92 %.
    AGREEMENT_92("disagreements (agreement floor 92 %)", 0.08, 0.05),
    /// Disagreements; floor 85 %.
    AGREEMENT_85("disagreements (agreement floor 85 %)", 0.15, 0.07),
    /// Failures; one point above a control whose upper bound is 0.5 %.
    ERROR("error rate, +1 point above a control of 0.5 %", 0.015, 0.005),
    /// Paired differences of refusals; one in a hundred pairs is refused by the champion alone.
    REFUSAL("refusals, +5 points", 0.05, 0),
    /// Requests slower than tau.
    EXCEEDANCE("p99, at most 1 % slower than tau", 0.01, 0.005),
    /// Judged disagreements, a fifth of them ties; too few wins are bad.
    WIN_SHARE("win share on disagreements, floor 30 %", 0.3, 0.35),
    /// Confidence 0.85 minus correctness, either sign, of the first label of each device. Decided by
    /// `BinEvidence` (BREACH) and `OneLook` (SAFE): delays are those of [CalibrationDelay].
    CALIBRATION("calibration gap, 5 points", 0.05, 0);

    private static final double REFUSED_BY_CHAMPION_ALONE = 0.01;
    private static final double TIES = 0.2;
    static final double CONFIDENCE = 0.85;

    private final String title;
    private final double limit;
    private final double good;

    Guardrail(String title, double limit, double good) {
        this.title = title;
        this.limit = limit;
        this.good = good;
    }

    public String title() {
        return title;
    }

    public double limit() {
        return limit;
    }

    public double good() {
        return good;
    }

    /// One observation (a pair, an attempt, a request, a judged or labelled answer) if this is the true
    /// mean.
    public Law law(double truth) {
        return switch (this) {
            case AGREEMENT_92, AGREEMENT_85, ERROR, EXCEEDANCE -> Law.binary(truth);
            case REFUSAL -> Law.difference(truth + REFUSED_BY_CHAMPION_ALONE, REFUSED_BY_CHAMPION_ALONE);
            case WIN_SHARE -> Law.wins(truth, TIES);
            case CALIBRATION -> Law.gap(CONFIDENCE, truth);
        };
    }

    /// The tests that show it; of [#CALIBRATION], the bets on its signed gap that are next to its process.
    public MeanTest[] tests(Purpose purpose) {
        boolean breach = purpose == Purpose.BREACH;
        Side bad = this == WIN_SHARE ? Side.BELOW : Side.ABOVE;
        Side good = this == WIN_SHARE ? Side.ABOVE : Side.BELOW;
        double low = this == REFUSAL || this == CALIBRATION ? -1 : 0;
        MeanTest test = new MeanTest(purpose, breach ? bad : good, limit, low, 1);
        return this == CALIBRATION
                ? new MeanTest[] {test, new MeanTest(purpose, breach ? good : bad, -limit, low, 1)}
                : new MeanTest[] {test};
    }
}
