// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;

/// What an offline set shows: SAFE when the lower bound of its 95 % interval is at the floor, BREACH when the upper one
/// is below it. A fixed sample: whoever adds examples until it passes pays with the interval, not with an e-value, so
/// that the sentence names how many there were.
record OfflineSet(Outcome outcome, String sentence) {
    private static final double ALPHA = 0.05;

    static OfflineSet of(long examples, long agreed, Conduct.Validation asked) {
        Interval interval = new Proportion(agreed, examples).wilson(ALPHA);
        String seen = "Offline set: " + Words.percent(agreed / (double) examples) + " ["
                + Words.number(interval.low() * 100) + ", " + Words.number(interval.high() * 100) + "] of "
                + Words.count(examples) + " examples agree, floor " + Words.chosen(asked.minAgreement()) + ": ";
        if (examples >= asked.minExamples() && interval.low() >= asked.minAgreement()) {
            return new OfflineSet(Outcome.SAFE, seen + "SAFE.");
        }
        if (interval.high() < asked.minAgreement()) {
            return new OfflineSet(Outcome.BREACH, seen + "BREACH.");
        }
        long missing = asked.minExamples() - examples;
        return new OfflineSet(
                Outcome.UNDECIDED,
                seen + "UNDECIDED, "
                        + (missing > 0
                                ? Words.count(missing) + " more examples are the least that is asked for."
                                : "more examples, or a person's promotion with a reason, would decide."));
    }
}
