// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

/// 1 where two texts are the same after [Normaliser#ANSWER], else 0: SQuAD's `compute_exact` (Rajpurkar
/// et al. 2016) under the normaliser's conventions. Symmetric.
///
/// Where nothing is left of either text ("+" and "-"), the texts themselves decide, after
/// [Normaliser#SPACING]: SQuAD would call any two such texts equal.
public final class ExactMatch {
    public static final String DEFINITION = "normalised-exact-match/1";

    private ExactMatch() {}

    public static double score(String reference, String answer) {
        return score(reference, answer, Normaliser.ANSWER);
    }

    public static double score(String reference, String answer, Normaliser normaliser) {
        String expected = normaliser.apply(reference);
        String given = normaliser.apply(answer);
        return expected.isEmpty() && given.isEmpty() ? ofBareTexts(reference, answer) : expected.equals(given) ? 1 : 0;
    }

    /// What texts without any word score against each other.
    static double ofBareTexts(String reference, String answer) {
        return Normaliser.SPACING.apply(reference).equals(Normaliser.SPACING.apply(answer)) ? 1 : 0;
    }
}
