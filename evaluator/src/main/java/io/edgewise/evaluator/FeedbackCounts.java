// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Judgement;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Thumb;
import org.jspecify.annotations.Nullable;

/// What one piece of feedback adds. The context it carries says what the arms answered; no join is made.
final class FeedbackCounts {
    private static final int CHALLENGER_RIGHT = 0;
    private static final int CHAMPION_RIGHT = 1;
    private static final int BOTH_WRONG = 2;
    private static final int TIE = 3;

    private final Calibration calibration;
    private final int thumbs;
    private final int scores;
    private final int truths;
    private final int gap;
    private final int wins;

    FeedbackCounts(MeasureTable table) {
        calibration = new Calibration(table.number(Measures.CALIBRATION));
        thumbs = table.number(Measures.THUMBS);
        scores = table.number(Measures.SCORES);
        truths = table.number(Measures.TRUTH);
        gap = table.number(Measures.CALIBRATION_GAP);
        wins = table.number(Measures.WINS);
    }

    void read(Feedback feedback, FeedbackContext context, Reading reading) {
        reading.clear();
        switch (feedback.getSaidCase()) {
            case TRUTH_LABEL -> truth(LabelHash.of(feedback.getTruthLabel()), context, reading);
            case JUDGEMENT -> judgement(feedback.getJudgement().getVerdict(), context, reading);
            case THUMB -> reading.counts().add(thumbs, feedback.getThumb() == Thumb.THUMB_UP ? 0 : 1);
            case SCORE -> {
                reading.counts().add(scores, 0, Math.round(Confidence.clip(feedback.getScore()) * 1e6));
                reading.counts().add(scores, 1);
            }
            case SAID_NOT_SET -> throw new IllegalArgumentException("feedback that says nothing passed validation");
        }
    }

    private void truth(long truth, FeedbackContext context, Reading reading) {
        for (ArmSummary arm : context.getArmsList()) {
            if (answered(arm) && arm.getLabelHash() != 0) {
                known(arm, arm.getLabelHash() == truth, reading);
            }
        }
        ArmSummary champion = arm(context, Role.ROLE_CHAMPION);
        ArmSummary challenger = arm(context, Role.ROLE_CHALLENGER);
        if (champion == null
                || challenger == null
                || champion.getLabelHash() == 0
                || challenger.getLabelHash() == 0
                || champion.getLabelHash() == challenger.getLabelHash()) {
            return;
        }
        if (challenger.getLabelHash() == truth) {
            win(CHALLENGER_RIGHT, reading);
        } else {
            win(champion.getLabelHash() == truth ? CHAMPION_RIGHT : BOTH_WRONG, reading);
        }
    }

    private void judgement(Judgement.Verdict verdict, FeedbackContext context, Reading reading) {
        int outcome = switch (verdict) {
            case VERDICT_CHALLENGER_RIGHT -> CHALLENGER_RIGHT;
            case VERDICT_CHAMPION_RIGHT -> CHAMPION_RIGHT;
            case VERDICT_BOTH_WRONG -> BOTH_WRONG;
            case VERDICT_BOTH_RIGHT, VERDICT_TIE -> TIE;
            case VERDICT_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("a judgement without a verdict passed validation");
        };
        ArmSummary champion = arm(context, Role.ROLE_CHAMPION);
        ArmSummary challenger = arm(context, Role.ROLE_CHALLENGER);
        boolean saysRight = verdict != Judgement.Verdict.VERDICT_TIE;
        if (champion != null && saysRight) {
            known(champion, outcome == CHAMPION_RIGHT || outcome == TIE, reading);
        }
        if (challenger != null && saysRight) {
            known(challenger, outcome == CHALLENGER_RIGHT || outcome == TIE, reading);
        }
        if (champion != null && challenger != null && !sameLabel(champion, challenger)) {
            win(outcome, reading);
        }
    }

    private void known(ArmSummary arm, boolean correct, Reading reading) {
        Delta counts = reading.counts();
        int role = arm.getRoleValue();
        counts.add(truths, 2 * role);
        if (correct) {
            counts.add(truths, 2 * role + 1);
        }
        if (arm.getRole() == Role.ROLE_CHALLENGER && arm.hasConfidence()) {
            calibration.add(arm.getConfidence(), correct, counts);
            counts.add(gap, Confidence.gapBucket(arm.getConfidence(), correct));
            reading.truth(arm.getConfidence(), correct);
            reading.step(BlockKind.CALIBRATION, Confidence.gapInHundredths(arm.getConfidence(), correct));
        }
    }

    private void win(int outcome, Reading reading) {
        reading.counts().add(wins, outcome);
        reading.step(
                BlockKind.WINS,
                switch (outcome) {
                    case CHALLENGER_RIGHT -> 2;
                    case BOTH_WRONG, TIE -> 1;
                    default -> 0;
                });
    }

    private static boolean sameLabel(ArmSummary one, ArmSummary other) {
        return one.getLabelHash() != 0 && one.getLabelHash() == other.getLabelHash();
    }

    private static boolean answered(ArmSummary arm) {
        return !arm.getFailed();
    }

    /// The arm's answer; null when it gave none.
    private static @Nullable ArmSummary arm(FeedbackContext context, Role role) {
        for (ArmSummary arm : context.getArmsList()) {
            if (arm.getRole() == role && answered(arm)) {
                return arm;
            }
        }
        return null;
    }
}
