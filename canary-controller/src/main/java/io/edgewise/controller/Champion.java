// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How often the champion was asked, and how often it failed: what a roll-back would rely on.
record Champion(long attempts, long failed) {
    static final Champion UNASKED = new Champion(0, 0);

    /// Places in {@link Measures#ATTEMPTS}: twice its role, 1.
    static final int ATTEMPTS = 2;

    static final int FAILED = 3;

    /// By stage, of the stages in which it was asked.
    static SortedMap<Integer, Champion> of(Map<Stratum, Tally> strata) {
        SortedMap<Integer, Champion> asked = new TreeMap<>();
        strata.forEach((stratum, tally) -> {
            long attempts = tally.get(Measures.ATTEMPTS, ATTEMPTS);
            if (stratum.slice().equals(Stratum.ALL) && attempts > 0) {
                Champion here = new Champion(attempts, tally.get(Measures.ATTEMPTS, FAILED));
                asked.merge(stratum.stage(), here, Champion::plus);
            }
        });
        return asked;
    }

    Champion plus(Champion other) {
        return new Champion(attempts + other.attempts, failed + other.failed);
    }

    /// What is missing before more traffic may rely on a way back to it; empty where it answers, both over the stage
    /// and at its end.
    static Optional<String> missing(Champion inStage, Champion lately) {
        if (inStage.attempts == 0) {
            return Optional.of(
                    "a champion that answers: nobody asked it in this stage, and a roll-back would lead" + " there");
        }
        if (inStage.fails()) {
            return Optional.of(inStage.words(""));
        }
        return lately.fails() ? Optional.of(lately.words(" lately")) : Optional.empty();
    }

    private boolean fails() {
        return 2 * failed > attempts;
    }

    private String words(String when) {
        return "a champion that answers: it failed " + Words.count(failed) + " of " + Words.count(attempts)
                + " requests" + when + ", and a roll-back would lead there";
    }
}
