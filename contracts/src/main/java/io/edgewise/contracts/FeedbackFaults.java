// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Judgement;
import io.edgewise.contracts.v1.Thumb;
import java.util.List;

/// Everything wrong with a feedback record, named. The token's mac is checked by who holds the keys.
public final class FeedbackFaults {
    static final int MAX_TOKEN = 512;

    private FeedbackFaults() {}

    public static List<Fault> of(Feedback feedback, long appendTimeMs) {
        FaultList faults = new FaultList();
        faults.name("tenant", feedback.getTenant());
        faults.name("source", feedback.getSource());
        if (feedback.getSourceEpoch() == 0) {
            faults.add("missing", "source_epoch", "source_epoch must be the source's random number");
        }
        faults.sequence("seq", feedback.getSeq());
        faults.time("given_at_ms", feedback.getGivenAtMs(), appendTimeMs);
        if (feedback.getDroppedCount() > 0) {
            ObservationFaults.ranges(feedback.getDroppedList(), feedback.getSeq(), faults);
            return faults.toList();
        }
        if (feedback.getToken().isEmpty()) {
            faults.add("missing", "token", "feedback carries the token of the answer it speaks of");
        } else if (feedback.getToken().size() > MAX_TOKEN) {
            faults.add("too_long", "token", "at most " + MAX_TOKEN + " bytes");
        }
        said(feedback, faults);
        return faults.toList();
    }

    private static void said(Feedback feedback, FaultList faults) {
        switch (feedback.getSaidCase()) {
            case TRUTH_LABEL -> {
                if (feedback.getTruthLabel().isBlank()) {
                    faults.add("missing", "truth_label", "the true label is empty");
                }
                faults.text("truth_label", feedback.getTruthLabel(), ObservationFaults.MAX_LABEL);
            }
            case THUMB -> {
                if (feedback.getThumb() != Thumb.THUMB_UP && feedback.getThumb() != Thumb.THUMB_DOWN) {
                    faults.add("missing", "thumb", "thumb must be UP or DOWN");
                }
            }
            case SCORE -> faults.unit("score", feedback.getScore());
            case JUDGEMENT -> {
                Judgement.Verdict verdict = feedback.getJudgement().getVerdict();
                if (verdict == Judgement.Verdict.VERDICT_UNSPECIFIED || verdict == Judgement.Verdict.UNRECOGNIZED) {
                    faults.add("missing", "judgement.verdict", "a judgement has a verdict");
                }
            }
            case SAID_NOT_SET ->
                faults.add("missing", "said", "feedback says one of: true label, thumb, score, judgement");
        }
    }
}
